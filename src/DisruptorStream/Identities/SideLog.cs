using System.Buffers;

namespace DisruptorStream.Identities;

/// <summary>
/// What the numbers in slots stand for, and what became of them: records beside the ring, handed over to one reader.
/// </summary>
/// <remarks>
/// <para>
/// Texts do not fit into slots, and keys are looked up while the slot that needs them is claimed and not published yet.
/// So the rule is about publishing: <b>a record is added before any slot that needs it is published.</b> A reader that
/// has seen that slot S is published, and takes the records after that, has every record that slots up to S need. It
/// may get records early, as claims are open and other threads run ahead: each says which slot it comes before (<see
/// cref="IdentityRecord.Sequence"/>), and no slot before that one is told wrong if the reader keeps it until then.
/// </para>
/// <para>
/// The outcome of a retirement is the exception: the slot asks, and the shard that handles it answers. The answer is
/// added before that shard's id is released, before another id gets the key, and so before any record or slot that
/// depends on it. Where no answer is to be found any more, nothing depends on it, and the key is kept.
/// </para>
/// <para>Any thread adds. One thread at a time takes.</para>
/// </remarks>
internal sealed class SideLog
{
    /// <summary>Records wait in this many bytes at most, and one more for each thread that adds.</summary>
    public const int DefaultCapacityBytes = 1 << 22;

    private readonly Lock _gate = new();
    private readonly ISideLogReader _reader;
    private readonly int _capacityBytes;
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _taken = new();
    private int _waitingBytes;
    private bool _isClosed;

    /// <param name="reader">Who takes the records.</param>
    /// <param name="capacityBytes">From how many bytes on those who add are held up: 1 or more.</param>
    public SideLog(ISideLogReader reader, int capacityBytes = DefaultCapacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityBytes, 1);
        _reader = reader;
        _capacityBytes = capacityBytes;
    }

    /// <summary>Whether nobody reads any more: what is added is dropped.</summary>
    // Pairs with the write in Close.
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>How many bytes wait to be taken.</summary>
    // Pairs with the writes in Add and Take.
    public int WaitingBytes => Volatile.Read(ref _waitingBytes);

    /// <summary>Whether as much waits to be taken as there is room for.</summary>
    public bool IsFull => WaitingBytes >= _capacityBytes && !IsClosed;

    /// <summary>Waits while the log is full. To be called without a lock that the reader may need.</summary>
    public void WaitForRoom()
    {
        if (IsFull)
            _reader.MakeRoom();
    }

    /// <summary>Adds a record; never waits.</summary>
    public void Add(in IdentityRecord record)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            record.Write(_filling);
            Volatile.Write(ref _waitingBytes, _filling.WrittenCount);
        }
    }

    /// <summary>Adds records that are written already; never waits.</summary>
    public void AddAll(ReadOnlySpan<byte> records)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _filling.Write(records);
            Volatile.Write(ref _waitingBytes, _filling.WrittenCount);
        }
    }

    /// <summary>Takes all records that were added, in their order. They are valid until the next call.</summary>
    public ReadOnlySpan<byte> Take()
    {
        lock (_gate)
        {
            (_filling, _taken) = (_taken, _filling);
            _filling.ResetWrittenCount();
            Volatile.Write(ref _waitingBytes, 0);
        }

        return _taken.WrittenSpan;
    }

    /// <summary>Nobody reads any more: records are dropped, and nobody is held up.</summary>
    public void Close()
    {
        lock (_gate)
        {
            // Pairs with the read in IsClosed.
            Volatile.Write(ref _isClosed, true);
            _filling = new ArrayBufferWriter<byte>();
            Volatile.Write(ref _waitingBytes, 0);
        }
    }
}
