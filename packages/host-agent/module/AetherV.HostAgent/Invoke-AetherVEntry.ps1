<#
.SYNOPSIS
Carries out one operation for a channel that knows only standard streams (a WinRS command): one frame in, frames out.
.DESCRIPTION
A frame is the base64 of a JSON text's UTF-8 on a line of its own: console code pages and clients that trim what they read do not
harm it (packages/types, framing). A frame that was changed on its way is not guessed at; it is answered as a request that is no JSON.
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
    # FromBase64String passes over blanks; whoever wrote the frame wrote none.
    if ([System.Convert]::ToBase64String($bytes) -ceq $frame) { $request = [System.Text.UTF8Encoding]::new($false, $true).GetString($bytes) }
}
catch [System.FormatException] { $request = '' }
catch [System.ArgumentException] { $request = '' }

Invoke-AetherVOperation -Request $request | Microsoft.PowerShell.Core\ForEach-Object -Process {
    [System.Console]::Out.WriteLine([System.Convert]::ToBase64String([System.Text.Encoding]::ASCII.GetBytes($_)))
    [System.Console]::Out.Flush()
}
