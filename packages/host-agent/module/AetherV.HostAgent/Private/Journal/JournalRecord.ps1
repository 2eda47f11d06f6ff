# A record is one file of the journal: the entry that the contract returns, and what a later session needs to finish the operation. It keeps
# the service's note to the letter and no request: a repeated id comes with its request.

$script:JournalLimit = 5000
$script:BarredOp = 'operation.cancel'
$script:CancelledBefore = 'The operation was cancelled before it began.'

function Read-JournalRecord {
    <#
    .SYNOPSIS
    Reads the record of an operation; null if the journal has none.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [string] $Id)
    $text = Read-WholeFile -Path (Get-JournalPath -Id $Id)
    if ($null -eq $text) { return $null }
    return ConvertFrom-AgentJson -Text $text
}

function Save-JournalRecord {
    <#
    .SYNOPSIS
    Writes a record to its file.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    Set-WholeFile -Path (Get-JournalPath -Id $Record['entry']['operationId']) -Text (ConvertTo-AgentJson -Value $Record)
}

function Open-JournalRecord {
    <#
    .SYNOPSIS
    Opens the record of this operation: a fresh one, or the one that its id or idempotency key began before. This process then holds a
    record that has not ended; throws already-running if another process holds it.
    .DESCRIPTION
    Nothing may be changed on the host before this has returned.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [AllowNull()] [object] $VmId
    )
    $envelope = $Context.Envelope
    $known = Read-JournalRecord -Id $envelope['id']
    if ($null -eq $known) {
        $record = New-JournalRecord -Id $envelope['id'] -Op $envelope['op'] -Actor $envelope['actor'] -VmId $VmId
        foreach ($name in 'idempotencyKey', 'fingerprint', 'note') { if ($null -ne $envelope[$name]) { $record['entry'][$name] = $envelope[$name] } }
        # Another process holds the id and is about to write its record; asking again returns more.
        if (-not (Enter-Operation -Context $Context -Id $envelope['id'])) { throw (New-AlreadyRunning -Record $record) }
        $known = Add-JournalRecord -Context $Context -Record $record
        if ($null -eq $known) { return @{ Record = $record; Fresh = $true } }
        Exit-Operation -Context $Context
    }
    $entry = $known['entry']
    if (Test-BarredRecord -Record $known) { throw (New-OperationFailure -Code 'cancelled' -Message $script:CancelledBefore) }
    $otherRequest = $null -ne $envelope['fingerprint'] -and $null -ne $entry['fingerprint'] -and $envelope['fingerprint'] -cne $entry['fingerprint']
    if ($entry['op'] -cne $envelope['op'] -or $known['target'] -cne $VmId -or $otherRequest) {
        throw (New-OperationFailure -Code 'bad-request' -Message "The id $($entry['operationId']) belongs to another operation on this host: $($entry['op']).")
    }
    if ($entry['state'] -ceq 'running') {
        if (-not (Enter-Operation -Context $Context -Id $entry['operationId'])) { throw (New-AlreadyRunning -Record $known) }
        # The record may have changed before this process held it.
        $known = Read-JournalRecord -Id $entry['operationId']
    }
    return @{ Record = $known; Fresh = $false }
}

function Add-JournalRecord {
    <#
    .SYNOPSIS
    Adds a fresh record. Returns null, or the record that its idempotency key or id began before.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record
    )
    $id = $Record['entry']['operationId']
    $key = $Context.Envelope['idempotencyKey']
    $keys = $null
    try {
        if ($null -ne $key) {
            # The lock serializes them: of two operations with one key, the second finds the first.
            $keys = Open-Exclusively -Path ([System.IO.Path]::Combine((Get-DataFolder -Name 'keys' -Create), 'lock')) -Attempts 500
            if ($null -eq $keys) { throw (New-OperationFailure -Code 'agent-error' -Message 'The idempotency keys of this host are locked by another operation.' -Remedy 'Try again.') }
            $known = Find-KeyedRecord -Key $key -Id $id
            if ($null -ne $known) { return $known }
        }
        if (-not (New-ExclusiveFile -Path (Get-JournalPath -Id $id -Create) -Text (ConvertTo-AgentJson -Value $Record))) { return Read-JournalRecord -Id $id }
    }
    finally { if ($null -ne $keys) { $keys.Dispose() } }
    Remove-OldRecord
    Clear-StaleFile
    return $null
}

function Test-BarredRecord {
    <#
    .SYNOPSIS
    Tests whether an operation was cancelled before it reached this host: it never began and never will.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    return $Record['entry']['op'] -ceq $script:BarredOp
}

function New-BarredRecord {
    <#
    .SYNOPSIS
    Bars an unknown operation: it never starts, even if its request arrives later. Returns false if it is known by now.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Actor
    )
    $record = New-JournalRecord -Id $Id -Op $script:BarredOp -Actor $Actor -VmId $null
    $record['entry']['state'] = 'cancelled'
    $record['entry']['finishedAt'] = $record['entry']['startedAt']
    $record['entry']['error'] = [ordered]@{ code = 'cancelled'; message = $script:CancelledBefore; remedy = $null }
    $made = New-ExclusiveFile -Path (Get-JournalPath -Id $Id -Create) -Text (ConvertTo-AgentJson -Value $record)
    if ($made) { Remove-OldRecord }
    return $made
}

function New-JournalRecord {
    <#
    .SYNOPSIS
    Creates the record of an operation that begins now.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [string] $Op,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Actor,
        [Parameter(Mandatory)] [AllowNull()] [object] $VmId
    )
    return [ordered]@{
        entry = [ordered]@{
            operationId = $Id; op = $Op; state = 'running'; vmId = $VmId; actor = $Actor
            startedAt = ConvertTo-Timestamp -Time (Get-HostTime); finishedAt = $null; percent = $null; message = $null
        }
        # The VM that the request names; a created VM becomes known later and is in the entry.
        target = $VmId
        step = 'begun'
        facts = [ordered]@{}
    }
}

function Find-KeyedRecord {
    <#
    .SYNOPSIS
    Finds the record that an idempotency key began before. Stores a new key for this operation.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $Key,
        [Parameter(Mandatory)] [string] $Id
    )
    $sha = [System.Security.Cryptography.SHA256]::Create()
    try { $hash = [System.BitConverter]::ToString($sha.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($Key))) }
    finally { $sha.Dispose() }
    $path = [System.IO.Path]::Combine((Get-DataFolder -Name 'keys'), $hash.Replace('-', ''))
    if (New-ExclusiveFile -Path $path -Text $Id) { return $null }
    $record = Read-JournalRecord -Id (Read-WholeFile -Path $path)
    # The process that stored the key died before it journalled the operation: nothing had begun.
    if ($null -eq $record) { Set-WholeFile -Path $path -Text $Id }
    return $record
}

function Save-JournalStep {
    <#
    .SYNOPSIS
    Records what is about to be done or has been learnt.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [string] $Step,
        [System.Collections.IDictionary] $Facts = @{}
    )
    $Record['step'] = $Step
    foreach ($entry in $Facts.GetEnumerator()) { $Record['facts'][[string]$entry.Key] = $entry.Value }
    Save-JournalRecord -Record $Record
}

function Complete-JournalRecord {
    <#
    .SYNOPSIS
    Ends a record as succeeded, with the operation's result.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [AllowNull()] [object] $Result
    )
    $Record['entry']['state'] = 'succeeded'
    $Record['entry']['percent'] = 100
    $Record['entry']['result'] = $Result
    Close-JournalRecord -Record $Record
}

function Stop-JournalRecord {
    <#
    .SYNOPSIS
    Ends a record as failed, cancelled or unknown, with the content of the "error" line.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $ErrorInfo
    )
    $states = @{ 'cancelled' = 'cancelled'; 'outcome-unknown' = 'unknown' }
    $code = $ErrorInfo['code']
    $Record['entry']['state'] = if ($states.ContainsKey($code)) { $states[$code] } else { 'failed' }
    $Record['entry']['error'] = $ErrorInfo
    Close-JournalRecord -Record $Record
}

function Close-JournalRecord {
    <#
    .SYNOPSIS
    Saves an ended record.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    $Record['entry']['finishedAt'] = ConvertTo-Timestamp -Time (Get-HostTime)
    Save-JournalRecord -Record $Record
    Clear-CancelMarker -Id $Record['entry']['operationId']
}

function Remove-OldRecord {
    <#
    .SYNOPSIS
    Removes the records that ended first, beyond the limit of the journal.
    #>
    [CmdletBinding()]
    param()
    $folder = Get-DataFolder -Name 'journal'
    $names = [System.IO.Directory]::GetFiles($folder, '*.json')
    $excess = $names.Length - $script:JournalLimit
    if ($excess -le 0) { return }
    # An id of UUID version 5 says nothing of time; the last write of an ended record is its end.
    $oldest = @($names | Microsoft.PowerShell.Utility\Sort-Object -Property { [System.IO.File]::GetLastWriteTimeUtc($_) }, { $_ })
    foreach ($name in $oldest) {
        if ($excess -le 0) { return }
        $record = Read-JournalRecord -Id ([System.IO.Path]::GetFileNameWithoutExtension($name))
        if ($null -eq $record -or $record['entry']['state'] -ceq 'running') { continue }
        [System.IO.File]::Delete("$name.old")
        [System.IO.File]::Delete($name)
        $excess--
    }
}
