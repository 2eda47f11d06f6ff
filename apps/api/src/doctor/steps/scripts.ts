/**
 * Queries of hosts that have a language: fixed, read-only scripts for Windows PowerShell 5.1 and newer, limited to what
 * ConstrainedLanguage allows (about_Language_Modes) unless noted. They contain no user input.
 */
export const doctorScripts = {
  languageMode: '"$($ExecutionContext.SessionState.LanguageMode)"',
  executionPolicy: 'Get-ExecutionPolicy -List | ForEach-Object { "$($_.Scope)=$($_.ExecutionPolicy)" }',
  quotas: `
'Shell', 'Service', 'Plugin\\microsoft.powershell\\Quotas' | ForEach-Object {
  $area = $_
  Get-ChildItem -Path "WSMan:\\localhost\\$area" -ErrorAction SilentlyContinue |
    Where-Object { "$($_.Value)" -match '^[0-9]+$' } |
    ForEach-Object { "$area/$($_.Name)=$($_.Value)" }
}
Get-Item -Path 'WSMan:\\localhost\\MaxEnvelopeSizekb' -ErrorAction Stop | ForEach-Object { "/MaxEnvelopeSizekb=$($_.Value)" }`,
  /** FullLanguage only. Deny-only groups, as in a filtered token, are not included. */
  groups: `
[System.Security.Principal.WindowsIdentity]::GetCurrent().Groups |
  ForEach-Object { $_.Value } |
  Where-Object { 'S-1-5-32-544', 'S-1-5-32-578', 'S-1-5-32-580' -contains $_ }`,
  /** Group names are localized, their SIDs are not. */
  groupsByProgram: `
whoami.exe /groups /fo csv /nh |
  ForEach-Object { if ($_ -match '"(S-1-5-32-(544|578|580))"') { $Matches[1] } }`,
  hyperV: `
Get-Module -ListAvailable -Name 'Hyper-V' | Select-Object -First 1 | ForEach-Object { "module=$($_.Version)" }
Get-Service -Name vmms -ErrorAction SilentlyContinue | ForEach-Object { "vmms=$($_.Status)" }
"looked=yes"`,
} as const;
