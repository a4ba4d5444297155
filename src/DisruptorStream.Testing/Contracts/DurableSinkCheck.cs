namespace DisruptorStream.Testing.Contracts;

/// <summary>One check of a <see cref="DurableSinkContract{TKey}"/>.</summary>
/// <param name="Name">What must be so.</param>
/// <param name="RunAsync">Checks it on an empty target; throws a <see cref="DurableSinkContractException"/>.</param>
public sealed record DurableSinkCheck(string Name, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
