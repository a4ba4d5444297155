using System.Diagnostics.CodeAnalysis;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>What codecs say of bytes that are no key.</summary>
internal static class KeyBytes
{
    [DoesNotReturn]
    public static void ThrowNoKey(string codec) => throw NoKey(codec);

    public static InvalidDataException NoKey(string codec, Exception? cause = null) =>
        new($"The bytes are no key of the form '{codec}': they end too early or are damaged; read them with the codec "
            + "that wrote them, or restore them from a copy.", cause);
}
