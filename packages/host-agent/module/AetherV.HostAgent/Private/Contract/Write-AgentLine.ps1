$script:MaxLineBytes = 262144
$script:HeartbeatMilliseconds = 20000

function Write-AgentLine {
    <#
    .SYNOPSIS
    Writes one line of the operation to the output: the id of the operation, the line number, then the body.
    .DESCRIPTION
    The lines reach the client through the output of every caller. Callers therefore do not capture the output, and
    functions that return a value never write lines.
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
    Writes a line for the job's log.
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
    Writes a progress line if percent or message have changed.
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
    Writes one item of a streamed answer.
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
    Writes a heartbeat line if no line was written for 20 seconds.
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
    Returns the milliseconds until the operation times out; zero or less after that.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    return $Context.ReceivedAt + 1000 * [long]$Context.Envelope['timeoutSeconds'] - (Get-MonotonicMilliseconds)
}
