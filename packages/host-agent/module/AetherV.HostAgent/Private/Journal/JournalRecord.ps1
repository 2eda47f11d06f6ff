# A record is what one file of the journal says: the entry as the contract tells it, and what a later session has to know to finish it. Requests are not kept: whoever sends an id again sends its request again.

$script:JournalLimit = 5000
$script:BarredOp = 'operation.cancel'
$script:CancelledBefore = 'It was cancelled before it began.'

function Read-JournalRecord {
    <#
    .SYNOPSIS
    The record of an operation; null when the journal has none.
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
    Replaces the file of a record by what the record says now.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    Set-WholeFile -Path (Get-JournalPath -Id $Record['entry']['operationId']) -Text (ConvertTo-AgentJson -Value $Record)
}

function Open-JournalRecord {
    <#
    .SYNOPSIS
    The record of this operation: a fresh one, or the one that its id or its idempotency key began before. One that has not ended is
    held by this process afterwards; throws already-running when another one holds it.
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
        foreach ($name in 'idempotencyKey', 'fingerprint') { if ($null -ne $envelope[$name]) { $record['entry'][$name] = $envelope[$name] } }
        # Who else holds it is about to write its record, and will tell more when it is asked again.
        if (-not (Enter-Operation -Context $Context -Id $envelope['id'])) { throw (New-AlreadyRunning -Record $record) }
        $known = Add-JournalRecord -Context $Context -Record $record
        if ($null -eq $known) { return @{ Record = $record; Fresh = $true } }
        Exit-Operation -Context $Context
    }
    $entry = $known['entry']
    if (Test-BarredRecord -Record $known) { throw (New-OperationFailure -Code 'cancelled' -Message $script:CancelledBefore) }
    $otherRequest = $null -ne $envelope['fingerprint'] -and $null -ne $entry['fingerprint'] -and $envelope['fingerprint'] -cne $entry['fingerprint']
    if ($entry['op'] -cne $envelope['op'] -or $known['target'] -cne $VmId -or $otherRequest) {
        throw (New-OperationFailure -Code 'bad-request' -Message "$($entry['operationId']) is another operation here: $($entry['op']).")
    }
    if ($entry['state'] -ceq 'running') {
        if (-not (Enter-Operation -Context $Context -Id $entry['operationId'])) { throw (New-AlreadyRunning -Record $known) }
        # What it said before it was ours may be old.
        $known = Read-JournalRecord -Id $entry['operationId']
    }
    return @{ Record = $known; Fresh = $false }
}

function Add-JournalRecord {
    <#
    .SYNOPSIS
    Writes a fresh record down. Null, or the record of the operation that its idempotency key or its id began before.
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
            # One after the other: of two operations with one key, the second finds the first.
            $keys = Open-Exclusively -Path ([System.IO.Path]::Combine((Get-DataFolder -Name 'keys' -Create), 'lock')) -Attempts 500
            if ($null -eq $keys) { throw (New-OperationFailure -Code 'agent-error' -Message 'The keys of operations are locked on this host.' -Remedy 'Try again.') }
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
    Whether an operation was cancelled before this host knew it: it never began and never will.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    return $Record['entry']['op'] -ceq $script:BarredOp
}

function New-BarredRecord {
    <#
    .SYNOPSIS
    Sees to it that an operation that is not known here never begins, however late it comes. False when it is known by now.
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
    The record of an operation that begins now.
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
        # The VM that the request named; one that is made becomes known later, and stands in the entry.
        target = $VmId
        step = 'begun'
        facts = [ordered]@{}
    }
}

function Find-KeyedRecord {
    <#
    .SYNOPSIS
    The record that an idempotency key began before. A key that is new is written down for this operation.
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
    # Who wrote the key down died before its operation was in the journal: nothing had begun.
    if ($null -eq $record) { Set-WholeFile -Path $path -Text $Id }
    return $record
}

function Save-JournalStep {
    <#
    .SYNOPSIS
    Notes what is about to be done or has been learnt, before going on.
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
    Ends a record well, with the operation's result.
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
    Ends a record badly, with what the "error" line says.
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
    Saves a record that has ended.
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
    Forgets the oldest operations that have ended, once there are more than the journal keeps.
    #>
    [CmdletBinding()]
    param()
    $folder = Get-DataFolder -Name 'journal'
    $names = [System.IO.Directory]::GetFiles($folder, '*.json')
    if ($names.Length -le $script:JournalLimit) { return }
    # Ids are UUIDv7: their order is that of time.
    [System.Array]::Sort($names, [System.StringComparer]::Ordinal)
    $excess = $names.Length - $script:JournalLimit
    foreach ($name in $names) {
        if ($excess -le 0) { return }
        $record = Read-JournalRecord -Id ([System.IO.Path]::GetFileNameWithoutExtension($name))
        if ($null -eq $record -or $record['entry']['state'] -ceq 'running') { continue }
        [System.IO.File]::Delete("$name.old")
        [System.IO.File]::Delete($name)
        $excess--
    }
}
