<#
.SYNOPSIS
Client of the VM control API of Aether-V, for Windows PowerShell 5.1 and PowerShell 7.
.DESCRIPTION
Settings are environment variables: VM_CONTROL_URL (https://aether.example.org:8000), VM_CONTROL_KEY, VM_CONTROL_SECRET.
VM_CONTROL_SIGNATURE=1 uses the formula of the VM controller; VM_CONTROL_HOST selects a host. Without VM_CONTROL_SECRET
requests are not signed. The certificate of a private authority must be trusted by Windows.
.EXAMPLE
.\VmControl.ps1 list
.EXAMPLE
.\VmControl.ps1 start web01
#>
param(
    [Parameter(Mandatory)][ValidateSet('list', 'start', 'shutdown', 'restart')][string]$Action,
    [string]$Name
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
# A progress bar makes Windows PowerShell slow.
$ProgressPreference = 'SilentlyContinue'
$utf8 = New-Object System.Text.UTF8Encoding $false

function ConvertTo-Hex([byte[]]$Bytes) {
    -join ($Bytes | ForEach-Object { $_.ToString('x2') })
}

function Get-Mac([string]$Text) {
    $hmac = New-Object System.Security.Cryptography.HMACSHA256 (, $utf8.GetBytes($env:VM_CONTROL_SECRET))
    try { ConvertTo-Hex $hmac.ComputeHash($utf8.GetBytes($Text)) } finally { $hmac.Dispose() }
}

function Get-BodyHash([string]$Text) {
    $sha = [System.Security.Cryptography.SHA256]::Create()
    try { ConvertTo-Hex $sha.ComputeHash($utf8.GetBytes($Text)) } finally { $sha.Dispose() }
}

if ($Action -eq 'list') {
    $method = 'GET'; $path = '/vm/list'; $body = ''
}
else {
    if (-not $Name) { throw "Give the name of a VM: VmControl.ps1 $Action NAME" }
    $method = 'POST'; $path = '/vm/' + [Uri]::EscapeDataString($Name) + "/$Action"; $body = '{}'
}
if ($env:VM_CONTROL_HOST) { $path += '?host=' + [Uri]::EscapeDataString($env:VM_CONTROL_HOST) }
foreach ($setting in 'VM_CONTROL_URL', 'VM_CONTROL_KEY') {
    if (-not [Environment]::GetEnvironmentVariable($setting)) { throw "$setting is not set" }
}
$uri = [Uri]($env:VM_CONTROL_URL.TrimEnd('/') + $path)

$headers = @{ 'x-api-key' = $env:VM_CONTROL_KEY }
if ($env:VM_CONTROL_SECRET) {
    # Seven digits after the point keep the signatures of requests in the same second apart.
    $timestamp = [DateTime]::UtcNow.ToString('o', [Globalization.CultureInfo]::InvariantCulture)
    $headers['x-timestamp'] = $timestamp
    if ($env:VM_CONTROL_SIGNATURE -eq '1') {
        $headers['x-signature'] = Get-Mac ($body + $timestamp)
    }
    else {
        $nonce = [Guid]::NewGuid().ToString('N')
        $headers['x-nonce'] = $nonce
        # The address as .NET sends it, which can differ from the text above in its escapes.
        $lines = 'aether-vm-2', $method, $uri.PathAndQuery, $timestamp, $nonce, (Get-BodyHash $body)
        $headers['x-signature-v2'] = Get-Mac ($lines -join "`n")
    }
}

$request = @{ Uri = $uri; Method = $method; Headers = $headers; UseBasicParsing = $true; TimeoutSec = 180 }
if ($body) { $request.Body = $utf8.GetBytes($body); $request.ContentType = 'application/json' }
if ($PSVersionTable.PSVersion.Major -lt 6) {
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
}
try {
    $response = Invoke-WebRequest @request
    # The type application/problem+json is binary to PowerShell.
    if ($response.Content -is [byte[]]) { $utf8.GetString($response.Content) } else { $response.Content }
}
catch {
    $answer = $_.ErrorDetails
    if ($answer -and $answer.Message) { $answer.Message } else { $_.Exception.Message }
    exit 1
}
