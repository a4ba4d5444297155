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
    private long _first;

    public KeyRecorder(SideLog log, IKeyCodec<TKey> codec)
    {
        _log = log;
        _codec = codec;
    }

    /// <summary>Whether the log is still read.</summary>
    public bool IsRead => !_log.IsClosed;

    /// <summary>Waits while the log is full. Not under the table's lock, which the reader may need.</summary>
    public void WaitForRoom() => _log.WaitForRoom();

    /// <summary>Tells all that there is so far.</summary>
    public void TellAll(KeyDirectory<TKey> keys)
    {
        var records = new ArrayBufferWriter<byte>();
        keys.Save(records, _codec);
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
            Sequence = sequence,
            Number = keyId,
            Generation = generation,
            Ordinal = ordinal,
            Body = body,
        });
}
