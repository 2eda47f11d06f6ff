# Preferences of this module alone: module scope, so nothing leaks into a runspace that others use after us.
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$script:ModuleFolder = $PSScriptRoot
$script:AgentVersion = '0.1.0'

foreach ($folder in 'Private', 'Public') {
    $path = Microsoft.PowerShell.Management\Join-Path -Path $PSScriptRoot -ChildPath $folder
    foreach ($file in Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath $path -Filter '*.ps1' -File -Recurse) {
        . $file.FullName
    }
}

Microsoft.PowerShell.Core\Export-ModuleMember -Function 'Invoke-AetherVOperation'
