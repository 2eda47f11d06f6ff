Register-Operation -Op 'operation.list' -Function 'Invoke-OperationListOperation'

function Invoke-OperationListOperation {
    <#
    .SYNOPSIS
    operation.list: streams the operations in the journal that began at or after a moment, oldest first.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $since = $Context.Request['since']
    $from = if ($null -eq $since) { [datetime]::MinValue } else { ConvertFrom-Timestamp -Text $since }
    $begun = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $folder = Get-DataFolder -Name 'journal'
    $files = if ([System.IO.Directory]::Exists($folder)) { [System.IO.Directory]::GetFiles($folder, '*.json') } else { @() }
    foreach ($file in $files) {
        # A record that began since was written since.
        if ([System.IO.File]::GetLastWriteTimeUtc($file) -lt $from) { continue }
        $id = [System.IO.Path]::GetFileNameWithoutExtension($file)
        # Records can be large: only the time is kept. No string value contains this text, because its quotes are escaped.
        if ("$(Read-WholeFile -Path $file)" -notmatch '"startedAt":"([^"]+)"' -or (ConvertFrom-Timestamp -Text $Matches[1]) -lt $from) { continue }
        [void] $begun.Add(@{ At = $Matches[1]; Id = $id })
    }
    $count = [long]0
    foreach ($one in @($begun | Microsoft.PowerShell.Utility\Sort-Object -Property { $_.At }, { $_.Id })) {
        $record = Read-JournalRecord -Id $one.Id
        if ($null -eq $record -or (Test-BarredRecord -Record $record)) { continue }
        Write-ItemLine -Context $Context -Item (Get-JournalEntry -Context $Context -Record $record)
        $count++
    }
    $Context.Result = [ordered]@{ count = $count }
}
