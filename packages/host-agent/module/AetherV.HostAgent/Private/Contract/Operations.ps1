# Maps each operation of the contract to the function that carries it out. The file of that function registers it, so names come from
# the agent's own files, never from a request.
$script:Operations = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.Specialized.OrderedDictionary' -ArgumentList ([System.StringComparer]::Ordinal)

function Register-Operation {
    <#
    .SYNOPSIS
    Registers the function that carries out an operation.
    .PARAMETER Function
    Takes the context, streams lines and leaves its result in $Context.Result.
    .PARAMETER Check
    Takes the context and does what Function does before its first side effect. An operation without it changes nothing.
    .PARAMETER Saga
    Takes a saga and leaves its result in $Saga.Result; Invoke-SagaOperation journals it and undoes its steps.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Op,
        [Parameter(Mandatory, ParameterSetName = 'Function')] [string] $Function,
        [Parameter(ParameterSetName = 'Function')] [AllowNull()] [object] $Check = $null,
        [Parameter(Mandatory, ParameterSetName = 'Saga')] [string] $Saga
    )
    $script:Operations[$Op] = if ($Saga -ne '') { @{ Function = 'Invoke-SagaOperation'; Check = 'Invoke-SagaCheck'; Arguments = @{ Body = $Saga } } } else { @{ Function = $Function; Check = $Check; Arguments = @{} } }
}
