using System.Globalization;

namespace DisruptorStream.Identities;

/// <summary>128 bits that stand for an identity; equal identities have equal ones, on every machine.</summary>
/// <param name="High">The upper 64 bits.</param>
/// <param name="Low">The lower 64 bits.</param>
internal readonly record struct Fingerprint(ulong High, ulong Low)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
