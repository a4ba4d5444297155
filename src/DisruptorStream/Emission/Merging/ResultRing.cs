using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Merging;

/// <summary>
/// The rows on their way from one shard to emission: a ring with one writer and one reader, without locks.
/// </summary>
/// <remarks>
/// The writer owns <see cref="TryWrite"/>, <see cref="TryReserve"/>, <see cref="Commit"/>, <see cref="Room"/> and
/// <see cref="CompleteThrough"/>; the reader owns the rest. They may be the same thread. A full ring refuses rows: the
/// writer waits for <see cref="Room"/> in whatever way suits its execution mode.
/// </remarks>
internal sealed class ResultRing
{
    private readonly ResultHeader[] _headers;
    private readonly long[] _values;
    private readonly int _mask;
    private Positions _positions;

    public ResultRing(int capacityRows, int width)
    {
        if (capacityRows < 1 || !BitOperations.IsPow2(capacityRows))
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacityRows), capacityRows, "The capacity of a result ring must be a power of two.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(width);
        _headers = new ResultHeader[capacityRows];
        _values = new long[checked(capacityRows * width)];
        _mask = capacityRows - 1;
        _positions.Progress = long.MinValue;
        Width = width;
    }

    /// <summary>How many values a row has room for.</summary>
    public int Width { get; }

    public int CapacityRows => _headers.Length;

    public long BytesReserved =>
        ((long)_headers.Length * Unsafe.SizeOf<ResultHeader>()) + ((long)_values.Length * sizeof(long));

    /// <summary>Writer: how many rows may be written now.</summary>
    public int Room
    {
        get
        {
            // Pairs with the release in Advance: what was read of the rows is read before they are overwritten.
            _positions.CachedRead = Volatile.Read(ref _positions.Read);
            return _headers.Length - (int)(_positions.Written - _positions.CachedRead);
        }
    }

    /// <summary>Writer: whether a row may be written now.</summary>
    public bool HasRoom => _positions.Written - _positions.CachedRead < _headers.Length || Room > 0;

    /// <summary>
    /// Reader: every row with a sequence up to this one has been written. Read it before <see cref="IsEmpty"/>.
    /// </summary>
    public long Progress
    {
        // Pairs with the release in CompleteThrough: a later look at Written sees all the rows that Progress speaks of.
        get => Volatile.Read(ref _positions.Progress);
    }

    /// <summary>Reader: how many rows have ever been written.</summary>
    // Pairs with the release in Commit.
    public long RowsWritten => Volatile.Read(ref _positions.Written);

    /// <summary>Reader: whether there is nothing to read. Looks at the writer's position only when it has to.</summary>
    public bool IsEmpty
    {
        get
        {
            if (HasHead)
                return false;

            // Pairs with the release in Commit: a row that is seen is seen whole.
            _positions.CachedWritten = Volatile.Read(ref _positions.Written);
            return !HasHead;
        }
    }

    /// <summary>Reader: whether there was a row when <see cref="IsEmpty"/> last looked.</summary>
    public bool HasHead => _positions.Read < _positions.CachedWritten;

    /// <summary>Reader: the oldest row. Only after <see cref="IsEmpty"/> was false.</summary>
    public ref readonly ResultHeader Head => ref _headers[(int)_positions.Read & _mask];

    /// <summary>
    /// Reader: the values of the oldest row, <see cref="Width"/> of them, valid until <see cref="Advance"/>.
    /// </summary>
    public ReadOnlySpan<long> HeadValues => ValuesAt(_positions.Read);

    /// <summary>Writer: appends a row, if there is room. Values that are not given keep stale contents.</summary>
    public bool TryWrite(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (!TryReserve(out var room))
            return false;

        values.CopyTo(room);
        Commit(in header);
        return true;
    }

    /// <summary>Writer: the place for the values of the next row, to be filled and then committed.</summary>
    public bool TryReserve(out Span<long> values)
    {
        if (!HasRoom)
        {
            values = default;
            return false;
        }

        values = ValuesAt(_positions.Written);
        return true;
    }

    /// <summary>Writer: publishes the reserved row.</summary>
    public void Commit(in ResultHeader header)
    {
        var position = _positions.Written;
        _headers[(int)position & _mask] = header;

        // Pairs with the acquire in IsEmpty.
        Volatile.Write(ref _positions.Written, position + 1);
    }

    /// <summary>Writer: says that all rows with a sequence up to this one have been written. Never goes back.</summary>
    public void CompleteThrough(long sequence)
    {
        // Pairs with the acquire in Progress.
        if (sequence > _positions.Progress)
            Volatile.Write(ref _positions.Progress, sequence);
    }

    /// <summary>Reader: gives the oldest row's place back to the writer.</summary>
    public void Advance()
    {
        // Pairs with the acquire in Room.
        Volatile.Write(ref _positions.Read, _positions.Read + 1);
    }

    private Span<long> ValuesAt(long position) => _values.AsSpan(((int)position & _mask) * Width, Width);

    /// <summary>The writer's and the reader's fields, 128 bytes apart from each other and from other objects.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 400)]
    internal struct Positions
    {
        [FieldOffset(128)]
        public long Written;

        [FieldOffset(136)]
        public long Progress;

        [FieldOffset(144)]
        public long CachedRead;

        [FieldOffset(256)]
        public long Read;

        [FieldOffset(264)]
        public long CachedWritten;
    }
}
