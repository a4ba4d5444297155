using DisruptorStream.State.Keys;

namespace DisruptorStream.Emission;

/// <summary>What a sink may want to know of its processor.</summary>
public readonly struct SinkContext
{
    /// <summary>The processor's name.</summary>
    public required string ProcessorName { get; init; }

    /// <summary>The columns of the results.</summary>
    public required ResultSchema Schema { get; init; }

    /// <summary>The first sequence of which results can come: 0, or where a saved state goes on.</summary>
    public long FirstSequence { get; init; }

    /// <summary>
    /// Cancelled when the processor is aborted: a call that waits should end then, with an
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public CancellationToken Aborted { get; init; }

    /// <summary>Which keys have a list together, where only the best are shown; null where all have.</summary>
    internal IKeyGroups? Groups { get; init; }
}
