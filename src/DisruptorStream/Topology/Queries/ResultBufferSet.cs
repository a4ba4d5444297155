using DisruptorStream.Emission.Reading;

namespace DisruptorStream.Topology.Queries;

/// <summary>The results of several queries on their way to the host, as one.</summary>
internal sealed class ResultBufferSet : IQueryBuffer
{
    private readonly IQueryBuffer[] _buffers;

    private ResultBufferSet(IQueryBuffer[] buffers) => _buffers = buffers;

    public long Steps
    {
        get
        {
            var steps = 0L;
            foreach (var buffer in _buffers)
                steps += buffer.Steps;
            return steps;
        }
    }

    public FullBuffer? Blocked
    {
        get
        {
            foreach (var buffer in _buffers)
            {
                if (buffer.Blocked is { } blocked)
                    return blocked;
            }

            return null;
        }
    }

    public FullBuffer? BlockedWithoutReader
    {
        get
        {
            foreach (var buffer in _buffers)
            {
                if (buffer.BlockedWithoutReader is { } blocked)
                    return blocked;
            }

            return null;
        }
    }

    /// <summary>The buffers as one; that of a single query as it is.</summary>
    public static IQueryBuffer Of(IQueryBuffer[] buffers) =>
        buffers.Length == 1 ? buffers[0] : new ResultBufferSet(buffers);

    public void Complete(Exception? error)
    {
        foreach (var buffer in _buffers)
            buffer.Complete(error);
    }

    public bool IsOpen => Array.TrueForAll(_buffers, buffer => buffer.IsOpen);

    public bool TakesEvents()
    {
        var takes = true;
        foreach (var buffer in _buffers)
            takes &= buffer.TakesEvents();
        return takes;
    }

    public bool HasRoom()
    {
        var hasRoom = true;
        foreach (var buffer in _buffers)
            hasRoom &= buffer.HasRoom();
        return hasRoom;
    }
}
