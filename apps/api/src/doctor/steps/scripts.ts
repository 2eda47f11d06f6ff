/**
 * What hosts are asked where they have a language. Fixed texts that only read, for Windows PowerShell 5.1 and newer; within
 * what ConstrainedLanguage allows (about_Language_Modes), but where they say otherwise. No text of a user gets into them.
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
  /** Only with FullLanguage. Groups that are for denying only, as those of a filtered token, are not among them. */
  groups: `
[System.Security.Principal.WindowsIdentity]::GetCurrent().Groups |
  ForEach-Object { $_.Value } |
  Where-Object { 'S-1-5-32-544', 'S-1-5-32-578', 'S-1-5-32-580' -contains $_ }`,
  /** Names of groups are in the host's language; their SIDs are not. */
  groupsByProgram: `
whoami.exe /groups /fo csv /nh |
  ForEach-Object { if ($_ -match '"(S-1-5-32-(544|578|580))"') { $Matches[1] } }`,
  hyperV: `
Get-Module -ListAvailable -Name 'Hyper-V' | Select-Object -First 1 | ForEach-Object { "module=$($_.Version)" }
Get-Service -Name vmms -ErrorAction SilentlyContinue | ForEach-Object { "vmms=$($_.Status)" }
"looked=yes"`,
} as const;
