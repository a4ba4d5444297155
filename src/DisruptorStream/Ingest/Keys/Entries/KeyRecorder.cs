using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;

namespace DisruptorStream.Ingest.Keys.Entries;

/// <summary>Tells a side log what becomes of the keys of a table. Under the table's lock.</summary>
/// <remarks>
/// Each record says from which slot on it holds: the one after the last retirement that was decided. A slot that was
/// decided upon has been handled, and with it every older claim is published; so a look-up that is under way is inside
/// a claim behind it. And an id is only used again, for a key that older slots do not mean, once its retirement was
/// decided.
/// </remarks>
internal sealed class KeyRecorder<TKey>
    where TKey : notnull
{
    private readonly SideLog _log;
    private readonly IKeyCodec<TKey> _codec;
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly int _column;
    private long _first;

    /// <param name="log">What is told.</param>
    /// <param name="codec">Writes the keys.</param>
    /// <param name="column">The number of the keys among those of an event.</param>
    /// <param name="first">The slot that the first records come before.</param>
    public KeyRecorder(SideLog log, IKeyCodec<TKey> codec, int column = 0, long first = 0)
    {
        _column = column;
        _first = first;
        _log = log;
        _codec = codec;
    }

    /// <summary>Whether the log is still read.</summary>
    public bool IsRead => !_log.IsClosed;

    /// <summary>Whether the log is full, so that who adds keys waits first.</summary>
    public bool IsFull => _log.IsFull;

    /// <summary>Waits while the log is full. Not under the table's lock, which the reader may need.</summary>
    public void WaitForRoom() => _log.WaitForRoom();

    /// <summary>Tells all that there is so far.</summary>
    public void TellAll(KeyDirectory<TKey> keys)
    {
        var records = new ArrayBufferWriter<byte>();
        keys.Save(records, _codec, _first, _column);
        _log.AddAll(records.WrittenSpan);
    }

    /// <summary>A key gets an id. To be told before any other thread can find the key.</summary>
    public void TellDefined(int keyId, uint generation, long ordinal, TKey key)
    {
        try
        {
            _codec.Write(key, _body);
            Add(IdentityKind.KeyDefined, _first, keyId, generation, _body.WrittenSpan, ordinal);
        }
        finally
        {
            _body.ResetWrittenCount();
        }
    }

    /// <summary>The slot that asks for the retirement of a key was answered.</summary>
    public void TellOutcome(int keyId, uint generation, long sequence, bool isRetired)
    {
        _first = Math.Max(_first, sequence + 1);
        Add(isRetired ? IdentityKind.KeyRetired : IdentityKind.KeyKept, sequence, keyId, generation, default);
    }

    /// <summary>An id is free, in its next generation.</summary>
    public void TellReleased(int keyId, uint generation) =>
        Add(IdentityKind.KeyReleased, _first, keyId, generation, default);

    private void Add(
        IdentityKind kind,
        long sequence,
        int keyId,
        uint generation,
        ReadOnlySpan<byte> body,
        long ordinal = 0) =>
        _log.Add(new IdentityRecord
        {
            Kind = kind,
            Column = _column,
            Sequence = sequence,
            Number = keyId,
            Generation = generation,
            Ordinal = ordinal,
            Body = body,
        });
}
