using System.Diagnostics.CodeAnalysis;

namespace DisruptorStream.Ingest.Keys;

/// <summary>What a table of keys says when it cannot do as asked.</summary>
internal static class KeyErrors
{
    [DoesNotReturn]
    public static void ThrowNotText(Type keys) => throw new InvalidOperationException(
        $"Keys of type {keys} cannot be given as characters or UTF-8 bytes, which name string keys only; pass a {keys} "
        + "or a KeyHandle, or build the processor with keys of type string.");

    [DoesNotReturn]
    public static void ThrowMaxKeys(int maxKeys, int largest) => throw new ArgumentOutOfRangeException(
        nameof(maxKeys), maxKeys, $"The limit of keys is {maxKeys}; set it from 1 to {largest}.");

    [DoesNotReturn]
    public static void ThrowFull(int maxKeys) => throw new InvalidOperationException(
        $"All {maxKeys} ids are taken, so a new key cannot be pinned; raise MaxKeys or let idle keys retire.");

    [DoesNotReturn]
    public static void ThrowNoKey(int keyId) => throw new InvalidOperationException(
        $"The key id {keyId} stands for no key: it was never handed out, or was released; look the key up again.");

    [DoesNotReturn]
    public static void ThrowNotRetired(int keyId) => throw new InvalidOperationException(
        $"The key id {keyId} cannot be released because its key was not retired; retire it first.");
}
