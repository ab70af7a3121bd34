"""The sample archive: a workshop's school year, made from the files in resources/samples."""

from app.services.demo.make import OUTPUT, DemoReport, make_demo

__all__ = ["OUTPUT", "DemoReport", "make_demo"]
