using System.Collections.Concurrent;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>Copies on their way from the thread that owns the state to the one that writes them.</summary>
/// <remarks>
/// One thread adds, one takes, and neither waits for the other. Who copies without need asks first whether there is
/// room; who has to, because a page is about to change, gets more memory where there is none.
/// </remarks>
internal sealed class CopyLog
{
    private const int BlockBytes = 64 * 1024;

    private readonly ConcurrentQueue<CopyBlock> _full = new();
    private readonly ConcurrentQueue<CopyBlock> _free = new();
    private CopyBlock? _current;
    private bool _isClosed;

    /// <param name="blocks">How many blocks of 64 KiB are ready.</param>
    public CopyLog(int blocks)
    {
        for (var block = 0; block < blocks; block++)
            _free.Enqueue(new CopyBlock(BlockBytes));
    }

    /// <summary>Whether a whole block is ready. For the thread that adds.</summary>
    public bool HasRoom => !_free.IsEmpty;

    /// <summary>Whether nothing is added any more. Pairs with the write in Close.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Adds an entry; what it holds is the caller's to write, before the next one is added.</summary>
    /// <param name="of">What it is of.</param>
    /// <param name="number">Which part.</param>
    /// <param name="lengthBytes">How long it is.</param>
    public Span<byte> Add(int of, int number, int lengthBytes)
    {
        if (_current?.HasRoom(lengthBytes) != true)
            Begin(CopyBlock.SizeOf(lengthBytes));
        return _current!.Add(of, number, lengthBytes);
    }

    /// <summary>Nothing is added any more.</summary>
    public void Close()
    {
        HandOver();

        // Pairs with the read in IsClosed.
        Volatile.Write(ref _isClosed, true);
    }

    /// <summary>Takes the oldest block that is full. For the thread that takes.</summary>
    public bool TryTake(out CopyBlock block) => _full.TryDequeue(out block!);

    /// <summary>A block is not needed any more. For the thread that takes.</summary>
    public void GiveBack(CopyBlock block)
    {
        if (block.Capacity != BlockBytes)
            return;
        block.Clear();
        _free.Enqueue(block);
    }

    private void Begin(int lengthBytes)
    {
        HandOver();
        if (lengthBytes > BlockBytes || !_free.TryDequeue(out _current))
            _current = new CopyBlock(Math.Max(BlockBytes, lengthBytes));
    }

    private void HandOver()
    {
        if (_current is not null)
            _full.Enqueue(_current);
        _current = null;
    }
}
