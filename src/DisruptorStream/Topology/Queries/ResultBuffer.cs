using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Reading;

namespace DisruptorStream.Topology.Queries;

/// <summary>Shows the life cycle, and an Inline processor, the state of those who read results.</summary>
internal sealed class ResultBuffer<TKey> : IQueryBuffer
    where TKey : notnull
{
    private readonly ResultReaders<TKey> _readers;
    private readonly GatedOutput? _gated;
    private readonly ProcessorOutputs<TKey> _outputs;

    /// <param name="readers">The host's end.</param>
    /// <param name="gated">What a gate holds back; null for none.</param>
    /// <param name="outputs">The sinks.</param>
    public ResultBuffer(ResultReaders<TKey> readers, GatedOutput? gated, ProcessorOutputs<TKey> outputs)
    {
        _outputs = outputs;
        _readers = readers;
        _gated = gated;
    }

    public long Steps => _readers.Steps;

    public FullBuffer? Blocked => _readers.Blocked;

    public FullBuffer? BlockedWithoutReader => _readers.BlockedWithoutReader;

    public bool IsOpen => _readers.Full is null && HoldsLittle;

    private bool HoldsLittle => _gated is not { IsFull: true } && !_outputs.IsFull;

    public void Complete(Exception? error) => _readers.Complete(error);

    public bool TakesEvents()
    {
        if (_readers.Full is { } full)
            throw ResultBufferFullException.Of(full);
        return HoldsLittle;
    }

    public bool HasRoom()
    {
        if (_gated is { IsFull: true })
            throw ResultBufferFullException.OfGate(_gated.HeldSequence);
        if (!_outputs.IsFull)
            return true;
        _outputs.NoteRefusal();
        return false;
    }
}
