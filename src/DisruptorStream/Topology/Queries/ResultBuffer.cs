using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Gating;

namespace DisruptorStream.Topology.Queries;

/// <summary>Shows the life cycle, and an Inline processor, the state of the stream of results.</summary>
internal sealed class ResultBuffer<TKey> : IQueryBuffer
{
    private readonly ResultStream<TKey> _stream;
    private readonly GatedOutput? _gated;
    private readonly ProcessorOutputs<TKey> _outputs;

    /// <param name="stream">The host's end.</param>
    /// <param name="gated">What a gate holds back; null for none.</param>
    /// <param name="outputs">The sinks.</param>
    public ResultBuffer(ResultStream<TKey> stream, GatedOutput? gated, ProcessorOutputs<TKey> outputs)
    {
        _outputs = outputs;
        _stream = stream;
        _gated = gated;
    }

    public int Capacity => _stream.Capacity;

    public long Steps => _stream.Steps;

    public bool IsBlocked => _stream.IsBlocked;

    public bool IsBlockedWithoutReader => _stream is { IsBlocked: true, IsReaderAttached: false };

    public void Complete(Exception? error) => _stream.Complete(error);

    public bool TakesEvents()
    {
        if (_stream.IsFull)
            throw ResultBufferFullException.Of(_stream.Capacity);
        return _gated is not { IsFull: true } && !_outputs.IsFull;
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
