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
    $records = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $folder = Get-DataFolder -Name 'journal'
    $files = if ([System.IO.Directory]::Exists($folder)) { [System.IO.Directory]::GetFiles($folder, '*.json') } else { @() }
    foreach ($file in $files) {
        # A record that began since was written since.
        if ([System.IO.File]::GetLastWriteTimeUtc($file) -lt $from) { continue }
        $record = Read-JournalRecord -Id ([System.IO.Path]::GetFileNameWithoutExtension($file))
        if ($null -ne $record -and -not (Test-BarredRecord -Record $record) -and (ConvertFrom-Timestamp -Text $record['entry']['startedAt']) -ge $from) { [void] $records.Add($record) }
    }
    $sorted = @($records | Microsoft.PowerShell.Utility\Sort-Object -Property { $_['entry']['startedAt'] }, { $_['entry']['operationId'] })
    foreach ($record in $sorted) { Write-ItemLine -Context $Context -Item (Get-JournalEntry -Context $Context -Record $record) }
    $Context.Result = [ordered]@{ count = [long]$sorted.Count }
}
