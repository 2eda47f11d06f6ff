# An independent reader of sealed texts, on .NET alone: gathers, verifies and decrypts every vector of a folder, and prints
# its results as JSON. It does not check the document itself.
param([Parameter(Mandatory)][string] $Folder)
$ErrorActionPreference = 'Stop'
$keys = @{}
foreach ($key in Get-Content -Raw "$Folder/keys.json" | ConvertFrom-Json) {
    $rsa = [Security.Cryptography.RSA]::Create()
    $rsa.ImportFromPem($key.privateKey)
    $keys[$key.name] = @{ Rsa = $rsa; Digest = $key.digest }
}

function ConvertFrom-Base64Url([string] $Text) {
    $padded = $Text.Replace('-', '+').Replace('_', '/')
    [Convert]::FromBase64String($padded.PadRight($padded.Length + (4 - $padded.Length % 4) % 4, '='))
}

function ConvertTo-Ascii([string] $Text) { , [Text.Encoding]::ASCII.GetBytes($Text) }

function Get-SealedText($Items) {
    $values = [Collections.Generic.Dictionary[string, string]]::new()
    foreach ($item in $Items) {
        if ($values.ContainsKey($item.name) -and $values[$item.name] -cne $item.value) { return $null }
        $values[$item.name] = $item.value
    }
    $manifest = $values['aether-v.provisioning.manifest']
    if ($manifest -cnotmatch '^(\d+) (\d+) (\d+) ([0-9a-f]{64})$') { return $null }
    if ($Matches[1] -ne '1') { throw 'version' }
    $generation, $count, $digest = $Matches[2], [int] $Matches[3], $Matches[4]
    $text = -join (0..($count - 1) | ForEach-Object { $values["aether-v.provisioning.chunk.$generation.$_"] })
    $hash = [Security.Cryptography.SHA256]::HashData((ConvertTo-Ascii $text))
    if ([Convert]::ToHexString($hash).ToLowerInvariant() -cne $digest) { return $null }
    $text
}

function Assert-Header([string] $Encoded, $Guest, [string] $Kid) {
    $given = [Text.Encoding]::UTF8.GetString((ConvertFrom-Base64Url $Encoded))
    $members = [ordered]@{
        vm = "`"$($Guest.vm)`""; op = "`"$($Guest.operation)`""; epoch = "$($Guest.epoch)"
        nonce = "`"$($Guest.nonce)`""; spki = "`"$($keys[$Guest.key].Digest)`""
    }
    $codes = @{ vm = 'wrong-vm'; op = 'wrong-operation'; epoch = 'wrong-epoch'; nonce = 'wrong-nonce'; spki = 'wrong-key' }
    $middle = -join ($members.Keys | ForEach-Object { ",`"$_`":$($members[$_])" })
    $expected = '{"alg":"RSA-OAEP-256","enc":"A256CBC-HS512","typ":"aether-v-provisioning-1"' + $middle + ",`"kid`":`"$Kid`"}"
    if ($given -ceq $expected) { return }
    foreach ($name in $members.Keys) {
        if (-not $given.Contains(",`"$name`":$($members[$name]),")) { throw $codes[$name] }
    }
    throw 'header'
}

function Unprotect-Jwe([string[]] $Parts, $Rsa) {
    try { $key = $Rsa.Decrypt((ConvertFrom-Base64Url $Parts[1]), [Security.Cryptography.RSAEncryptionPadding]::OaepSHA256) }
    catch { throw 'decryption' }
    $aad = ConvertTo-Ascii $Parts[0]
    $iv, $ciphertext, $tag = $Parts[2..4] | ForEach-Object { , (ConvertFrom-Base64Url $_) }
    $length = [BitConverter]::GetBytes([uint64] ($aad.Length * 8))
    [array]::Reverse($length)
    $hmac = [Security.Cryptography.HMACSHA512]::new([byte[]] $key[0..31])
    $computed = $hmac.ComputeHash([byte[]] ($aad + $iv + $ciphertext + $length))[0..31]
    if (-not [Security.Cryptography.CryptographicOperations]::FixedTimeEquals([byte[]] $computed, [byte[]] $tag)) { throw 'decryption' }
    $aes = [Security.Cryptography.Aes]::Create()
    $aes.Key = [byte[]] $key[32..63]
    [Text.Encoding]::UTF8.GetString($aes.DecryptCbc([byte[]] $ciphertext, [byte[]] $iv))
}

function Open-Vector($Vector) {
    $text = Get-SealedText $Vector.items
    if ($null -eq $text) { return @{ result = 'incomplete' } }
    $parts = $text.Split('.')
    if ($parts.Length -ne 6 -or $text -cmatch '[^A-Za-z0-9_.-]') { throw 'form' }
    $signed = ConvertTo-Ascii ("aether-v/provisioning/1`n" + ($parts[0..4] -join '.'))
    $signature = ConvertFrom-Base64Url $parts[5]
    $signer = $Vector.guest.trusted | Where-Object {
        $keys[$_].Rsa.VerifyData($signed, $signature, [Security.Cryptography.HashAlgorithmName]::SHA256, [Security.Cryptography.RSASignaturePadding]::Pss)
    } | Select-Object -First 1
    if ($null -eq $signer) { throw 'signature' }
    Assert-Header $parts[0] $Vector.guest $keys[$signer].Digest
    @{ result = 'opened'; plaintext = Unprotect-Jwe $parts $keys[$Vector.guest.key].Rsa }
}

$results = foreach ($vector in Get-Content -Raw "$Folder/openings.json" | ConvertFrom-Json) {
    try { Open-Vector $vector }
    catch { @{ result = 'refused'; code = $_.Exception.Message } }
}
ConvertTo-Json -InputObject @($results) -Compress
