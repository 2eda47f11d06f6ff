<#
.SYNOPSIS
Runs one operation for a channel with only standard streams (a WinRS command): reads one frame, writes frames.
.DESCRIPTION
A frame is a line with the base64 of a JSON text in UTF-8, which console code pages and clients that trim lines do not change
(packages/types, framing). A damaged frame is answered as a request that is not valid JSON.
.EXAMPLE
powershell.exe -NoLogo -NoProfile -NonInteractive -File Invoke-AetherVEntry.ps1
#>
[CmdletBinding()]
param()

Microsoft.PowerShell.Core\Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

Microsoft.PowerShell.Core\Import-Module -Name (Microsoft.PowerShell.Management\Join-Path -Path $PSScriptRoot -ChildPath 'AetherV.HostAgent.psd1')

$request = ''
$frame = [System.Console]::In.ReadLine()
try {
    $bytes = [System.Convert]::FromBase64String($frame)
    # FromBase64String ignores blanks, but a valid frame contains none.
    if ([System.Convert]::ToBase64String($bytes) -ceq $frame) { $request = [System.Text.UTF8Encoding]::new($false, $true).GetString($bytes) }
}
catch [System.FormatException] { $request = '' }
catch [System.ArgumentException] { $request = '' }

Invoke-AetherVOperation -Request $request | Microsoft.PowerShell.Core\ForEach-Object -Process {
    [System.Console]::Out.WriteLine([System.Convert]::ToBase64String([System.Text.Encoding]::ASCII.GetBytes($_)))
    [System.Console]::Out.Flush()
}
