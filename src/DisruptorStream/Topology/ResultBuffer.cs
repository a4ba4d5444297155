using DisruptorStream.Emission.Delivery;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Pipeline.Lifecycle;

namespace DisruptorStream.Topology;

/// <summary>Shows the life cycle, and an Inline processor, the state of the stream of results.</summary>
internal sealed class ResultBuffer<TKey> : IResultBuffer, IInlineResults
{
    private readonly ResultStream<TKey> _stream;

    public ResultBuffer(ResultStream<TKey> stream) => _stream = stream;

    public int Capacity => _stream.Capacity;

    public long Steps => _stream.Steps;

    public bool IsBlocked => _stream.IsBlocked;

    public bool IsBlockedWithoutReader => _stream is { IsBlocked: true, IsReaderAttached: false };

    public void Complete(Exception? error) => _stream.Complete(error);

    public void ThrowIfFull()
    {
        if (_stream.IsFull)
            throw ResultBufferFullException.Of(_stream.Capacity);
    }
}
