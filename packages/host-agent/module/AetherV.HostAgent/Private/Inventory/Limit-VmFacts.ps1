# A VM travels in one line, which has a limit. The contract allows more of each list than fits into it.

# Of the 262,144 bytes of a line: the rest is for its envelope, and for what a result says next to the VM.
$script:MaxVmBytes = 245760
# What may be too much of a VM. Texts have limits of their own, and together fit.
$script:VmLists = @('disks', 'dvdDrives', 'networkAdapters', 'checkpoints', 'bootOrder', 'problems')

function Limit-VmFacts {
    <#
    .SYNOPSIS
    The facts of a VM so that they fit into a line: of the list that takes the most, the first half, until they do. What was cut is among the
    problems.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Facts)
    if ((ConvertTo-AgentJson -Value $Facts).Length -le $script:MaxVmBytes) { return $Facts }
    $limited = [ordered]@{}
    foreach ($entry in $Facts.GetEnumerator()) { $limited[[string]$entry.Key] = $entry.Value }
    $cut = [ordered]@{}
    while ($true) {
        $largest = Select-LargestList -Facts $limited
        $list = @($limited[$largest])
        $limited[$largest] = @(for ($index = 0; $index -lt [System.Math]::Floor($list.Length / 2); $index++) { $list[$index] })
        $cut[$largest] = $limited[$largest].Length
        $problems = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
        foreach ($name in $cut.Keys) {
            if ($name -ceq 'problems') { continue }
            Add-FactProblem -Problem $problems -Part $name -Message "There are $(@($Facts[$name]).Length) entries; only the first $($cut[$name]) are reported, because the facts of a VM must fit into one line."
        }
        foreach ($one in $limited['problems']) { Add-FactProblem -Problem $problems -Part $one['part'] -Message $one['message'] }
        if ($cut.Contains('problems')) { Add-FactProblem -Problem $problems -Part 'problems' -Message 'There are more problems than fit into one line.' }
        $told = [ordered]@{}
        foreach ($entry in $limited.GetEnumerator()) { $told[[string]$entry.Key] = $entry.Value }
        $told['problems'] = $problems.ToArray()
        if ((ConvertTo-AgentJson -Value $told).Length -le $script:MaxVmBytes) { return $told }
    }
}

function Select-LargestList {
    <#
    .SYNOPSIS
    The name of the list that takes most of a VM's facts.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Facts)
    $largest = $null
    $most = -1
    foreach ($name in $script:VmLists) {
        $length = (ConvertTo-AgentJson -Value @($Facts[$name])).Length
        if ($length -gt $most) { $largest = $name; $most = $length }
    }
    return $largest
}

function Write-VmItem {
    <#
    .SYNOPSIS
    The item of one VM. One that does not fit into a line costs what is too much of it, and no other VM.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Facts
    )
    try { Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'vm'; vm = $Facts }) }
    catch [System.OverflowException] { Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'vm'; vm = Limit-VmFacts -Facts $Facts }) }
}
