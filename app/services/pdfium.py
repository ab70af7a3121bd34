"""The one lock of PDFium: the library is not thread-safe, whoever calls it holds this."""

import threading

PDFIUM = threading.RLock()
