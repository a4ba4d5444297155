namespace DisruptorStream.Emission.Durable;

/// <summary>What every durable sink can say: whose it is, and which results it holds.</summary>
/// <remarks>
/// A sink implements it as <see cref="IDurableSink{TKey}"/>, which the emitting thread calls, or as
/// <see cref="IAsyncDurableSink{TKey}"/>, which has a queue and a task of its own.
/// </remarks>
public interface IDurableStore
{
    /// <summary>What the sink promises, as it is configured. Does not change.</summary>
    DurableGuarantee Guarantee { get; }

    /// <summary>Opens the target for an owner, and says which results it holds.</summary>
    /// <param name="owner">Who writes from now on.</param>
    /// <param name="cancellationToken">Cancelled when the processor is aborted, or its build is given up.</param>
    /// <returns>
    /// The number of the last result that the target holds; 0 for none. Where <see cref="Guarantee"/> is
    /// <see cref="DurableGuarantee.AtLeastOnce"/> it is not looked at: the sink gets what the journal does not know to
    /// have arrived, as sinks do that are not durable.
    /// </returns>
    /// <remarks>
    /// From its return on, writes of owners with a lower epoch fail: they are fenced, also those of other processes
    /// that have not noticed yet that they were replaced. An owner whose own epoch is lower than that of the target is
    /// refused with an exception, and so is one of another stream, where the target holds results. The same owner may
    /// open again.
    /// </remarks>
    ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken);
}
