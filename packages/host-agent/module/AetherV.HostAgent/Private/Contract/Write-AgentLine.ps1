$script:MaxLineBytes = 262144
$script:HeartbeatMilliseconds = 20000

function Write-AgentLine {
    <#
    .SYNOPSIS
    Writes one line of the operation to the output: what the body says, after the operation's id and the line's number.
    .DESCRIPTION
    Whoever calls this, and whoever calls them, leaves the output alone: lines pass through it on their way out. Functions
    that return a value therefore never write lines.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Body
    )
    $line = [ordered]@{ op = $Context.Id; seq = $Context.Seq }
    foreach ($entry in $Body.GetEnumerator()) { $line[[string]$entry.Key] = $entry.Value }
    $json = ConvertTo-AgentJson -Value $line
    if ($json.Length -gt $script:MaxLineBytes) {
        throw [System.OverflowException]::new("A $($Body['type']) line of $($json.Length) bytes is too long.")
    }
    $Context.Seq++
    $Context.LastLineAt = Get-MonotonicMilliseconds
    Microsoft.PowerShell.Utility\Write-Output -InputObject $json
}

function Write-LogLine {
    <#
    .SYNOPSIS
    One line for the job's log.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Message,
        [ValidateSet('info', 'warning', 'error')] [string] $Level = 'info'
    )
    $at = ConvertTo-Timestamp -Time (Get-HostTime)
    Write-AgentLine -Context $Context -Body ([ordered]@{ type = 'log'; at = $at; level = $Level; message = Limit-Text -Text $Message })
}

function Write-ProgressLine {
    <#
    .SYNOPSIS
    How far the operation is, when that is news.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [AllowNull()] [object] $Percent,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Message
    )
    $news = "$Percent $Message"
    if ($Context.Said -ceq $news) { return }
    $Context.Said = $news
    Write-AgentLine -Context $Context -Body ([ordered]@{ type = 'progress'; percent = $Percent; message = Limit-Text -Text $Message })
}

function Write-ItemLine {
    <#
    .SYNOPSIS
    One item of a streamed answer.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Item
    )
    Write-AgentLine -Context $Context -Body ([ordered]@{ type = 'item'; item = $Item })
}

function Write-DueHeartbeat {
    <#
    .SYNOPSIS
    A heartbeat, if nothing was said for 20 seconds.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    if ((Get-MonotonicMilliseconds) - $Context.LastLineAt -lt $script:HeartbeatMilliseconds) { return }
    Write-AgentLine -Context $Context -Body ([ordered]@{ type = 'heartbeat'; at = ConvertTo-Timestamp -Time (Get-HostTime) })
}

function Get-TimeLeft {
    <#
    .SYNOPSIS
    Milliseconds that are left of the operation's time; not positive when it is over.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    return $Context.ReceivedAt + 1000 * [long]$Context.Envelope['timeoutSeconds'] - (Get-MonotonicMilliseconds)
}
