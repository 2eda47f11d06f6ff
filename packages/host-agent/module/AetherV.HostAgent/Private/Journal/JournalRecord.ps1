# A record is what one file of the journal says: the entry as the contract tells it, who is at work on it, and what a later
# session has to know to finish it. Requests are not kept: whoever sends an id again sends its request again.

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
    The record of this operation: a fresh one, or the one that its id or its idempotency key began before.
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
    if ($null -eq $known -and $null -ne $envelope['idempotencyKey']) { $known = Find-KeyedRecord -Context $Context }
    if ($null -eq $known) {
        $record = New-JournalRecord -Id $envelope['id'] -Op $envelope['op'] -Actor $envelope['actor'] -VmId $VmId
        if (New-ExclusiveFile -Path (Get-JournalPath -Id $envelope['id']) -Text (ConvertTo-AgentJson -Value $record)) {
            Remove-OldRecord
            return @{ Record = $record; Fresh = $true }
        }
        $known = Read-JournalRecord -Id $envelope['id']
    }
    $entry = $known['entry']
    if (Test-BarredRecord -Record $known) { throw (New-OperationFailure -Code 'cancelled' -Message $script:CancelledBefore) }
    if ($entry['op'] -cne $envelope['op'] -or $known['target'] -cne $VmId) {
        throw (New-OperationFailure -Code 'bad-request' -Message "$($entry['operationId']) is another operation here: $($entry['op']).")
    }
    return @{ Record = $known; Fresh = $false }
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
    $record['owner'] = $null
    $record['entry']['state'] = 'cancelled'
    $record['entry']['finishedAt'] = $record['entry']['startedAt']
    $record['entry']['error'] = [ordered]@{ code = 'cancelled'; message = $script:CancelledBefore; remedy = $null }
    $made = New-ExclusiveFile -Path (Get-JournalPath -Id $Id) -Text (ConvertTo-AgentJson -Value $record)
    if ($made) { Remove-OldRecord }
    return $made
}

function New-JournalRecord {
    <#
    .SYNOPSIS
    The record of an operation that begins now, in this process.
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
        owner = Get-OwnProcess
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
    param([Parameter(Mandatory)] [hashtable] $Context)
    $envelope = $Context.Envelope
    $sha = [System.Security.Cryptography.SHA256]::Create()
    try { $hash = [System.BitConverter]::ToString($sha.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($envelope['idempotencyKey']))) }
    finally { $sha.Dispose() }
    $path = [System.IO.Path]::Combine((Get-DataFolder -Name 'keys'), $hash.Replace('-', ''))
    if (New-ExclusiveFile -Path $path -Text $envelope['id']) { return $null }
    $record = Read-JournalRecord -Id (Read-WholeFile -Path $path)
    # Who wrote the key down died before its operation was in the journal: nothing had begun.
    if ($null -eq $record) { Set-WholeFile -Path $path -Text $envelope['id'] }
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
    Saves a record that has ended; nobody is at work on it any more.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    $Record['entry']['finishedAt'] = ConvertTo-Timestamp -Time (Get-HostTime)
    $Record['owner'] = $null
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
