; Inno Setup 6: makes dist\yandang-setup.exe from dist\yandang (see yandang.spec).
;   iscc /DVersion=0.1.0 packaging\yandang.iss
; Installs for the current user only, so that a clerk needs no administrator. Archives are never touched.
#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0 packaging\yandang.iss
#endif

[Setup]
AppId={{6C0B8B0B-6C4B-4F0D-9C53-7B3B3E4B5A10}
AppName=研档
AppVersion={#Version}
AppPublisher=研档
DefaultDirName={autopf}\Yandang
DefaultGroupName=研档
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; Qt 6 needs Windows 10 1809
MinVersion=10.0.17763
LicenseFile=..\LICENSE
OutputDir=..\dist
OutputBaseFilename=yandang-setup
SetupIconFile=..\build\yandang.ico
UninstallDisplayIcon={app}\yandang-window.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern

; Older compilers come without the Chinese messages; then the wizard speaks English.
#if FileExists(CompilerPath + "Languages\ChineseSimplified.isl")
[Languages]
Name: "zh"; MessagesFile: "compiler:Languages\ChineseSimplified.isl"
#endif

[Tasks]
Name: "desktopicon"; Description: "在桌面上放快捷方式"

[InstallDelete]
; an update leaves no module of the old version behind
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\dist\yandang\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\研档"; Filename: "{app}\yandang-window.exe"
Name: "{userdesktop}\研档"; Filename: "{app}\yandang-window.exe"; Tasks: desktopicon

[Run]
Filename: "{app}\yandang-window.exe"; Description: "打开研档"; Flags: nowait postinstall skipifsilent
