using System.Buffers;

namespace DisruptorStream.Codecs;

/// <summary>Writes keys as bytes and reads them again, so that they can be saved and told to another process.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// <para>
/// The law: what is read equals what was written, on every machine and in every culture. The bytes tell their own end:
/// more bytes may follow.
/// </para>
/// <para>
/// Called on any thread, one at a time for a processor, once for each new key. Strings, integers, enums, Guid, dates,
/// times, tuples, and records marked with <see cref="KeyCodecAttribute"/> have codecs already.
/// </para>
/// </remarks>
public interface IKeyCodec<TKey> : IKeyCodec
{
    /// <summary>Writes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="output">Where the bytes go. A key takes at most 1 GB.</param>
    void Write(TKey key, IBufferWriter<byte> output);

    /// <summary>Reads a key.</summary>
    /// <param name="source">Begins with the bytes of the key; other bytes may follow.</param>
    /// <param name="bytesRead">How many bytes the key takes.</param>
    /// <exception cref="InvalidDataException">The bytes are no key.</exception>
    TKey Read(ReadOnlySpan<byte> source, out int bytesRead);

    /// <inheritdoc/>
    void IKeyCodec.WriteObject(object? key, IBufferWriter<byte> output) => Write((TKey)key!, output);

    /// <inheritdoc/>
    object? IKeyCodec.ReadObject(ReadOnlySpan<byte> source, out int bytesRead) => Read(source, out bytesRead);
}
