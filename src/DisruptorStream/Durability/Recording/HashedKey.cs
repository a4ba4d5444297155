using System.Security.Cryptography;
using System.Text;

namespace DisruptorStream.Durability.Recording;

/// <summary>
/// The names that a recording with <see cref="FlightRecorderOptions.HashKeys"/> has in place of keys.
/// </summary>
public static class HashedKey
{
    // 128 bits: no two keys of a processor ever have the same.
    private const int HashBytes = 16;

    /// <summary>The name of a key: "#", and the first 128 bits of the HMAC-SHA256 of its text in UTF-16.</summary>
    /// <param name="key">The key.</param>
    /// <param name="secret"><see cref="FlightRecorderOptions.HashSecret"/>.</param>
    /// <remarks>Any thread. About a microsecond.</remarks>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static string Of(string key, string secret)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return Of(key, Encoding.UTF8.GetBytes(secret));
    }

    /// <summary>As the other one, with the bytes of the secret.</summary>
    internal static string Of(string key, ReadOnlySpan<byte> secret)
    {
        // UTF-16, for lone surrogates have no UTF-8: two keys would become one.
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.Unicode.GetBytes(key), hash);
        return $"#{Convert.ToHexStringLower(hash[..HashBytes])}";
    }
}
