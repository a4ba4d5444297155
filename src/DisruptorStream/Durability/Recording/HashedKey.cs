using System.Buffers;
using System.Text;
using DisruptorStream.Codecs;
using DisruptorStream.Codecs.Hashing;

namespace DisruptorStream.Durability.Recording;

/// <summary>
/// The keys that a recording with <see cref="FlightRecorderOptions.HashKeys"/> has in place of those that there were.
/// </summary>
public static class HashedKey
{
    /// <summary>The name of a text: "#", and the first 128 bits of the HMAC-SHA256 of its text in UTF-16.</summary>
    /// <param name="key">The key, or the text of a symbol.</param>
    /// <param name="secret"><see cref="FlightRecorderOptions.HashSecret"/>.</param>
    /// <remarks>Any thread. About a microsecond.</remarks>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static string Of(string key, string secret)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return new KeyHash(Encoding.UTF8.GetBytes(secret)).Of(key);
    }

    /// <summary>
    /// The key of the same type that takes the place of a key: no two keys have the same. Of a tuple that of each part.
    /// </summary>
    /// <typeparam name="TKey">A text, an integer, a char, an enum, Guid, TimeSpan, or a tuple of these.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="secret"><see cref="FlightRecorderOptions.HashSecret"/>.</param>
    /// <remarks>Any thread. About ten microseconds.</remarks>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    /// <exception cref="NotSupportedException">Keys of the type cannot be hidden.</exception>
    public static TKey Of<TKey>(TKey key, string secret)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var codec = new KeyHash(Encoding.UTF8.GetBytes(secret)).Over(KeyCodecs.Require<TKey>())
            ?? throw new NotSupportedException(
                $"Keys of type {typeof(TKey)} cannot be hidden; use texts, integers, enums, Guid, or tuples of these.");
        var written = new ArrayBufferWriter<byte>();
        codec.Write(key, written);
        return codec.Read(written.WrittenSpan, out _);
    }
}
