using System.Buffers;
using System.ComponentModel;

namespace DisruptorStream.Codecs;

/// <summary>
/// A codec of keys whose type is not known where it is used: tuples call their parts so. Implement
/// <see cref="IKeyCodec{TKey}"/>, which implements these methods for you.
/// </summary>
public interface IKeyCodec
{
    /// <summary>
    /// The name of the form that the codec writes. It becomes part of the layout of what is saved: change it when the
    /// bytes change, and only then.
    /// </summary>
    string Name { get; }

    /// <summary>As <see cref="IKeyCodec{TKey}.Write"/>.</summary>
    /// <param name="key">The key; null where a part of a key may be null.</param>
    /// <param name="output">Where the bytes go.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void WriteObject(object? key, IBufferWriter<byte> output);

    /// <summary>As <see cref="IKeyCodec{TKey}.Read"/>.</summary>
    /// <param name="source">Begins with the bytes of the key.</param>
    /// <param name="bytesRead">How many bytes the key takes.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    object? ReadObject(ReadOnlySpan<byte> source, out int bytesRead);
}
