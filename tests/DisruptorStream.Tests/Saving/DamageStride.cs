using System.Globalization;

namespace DisruptorStream.Tests.Saving;

/// <summary>How far apart the bytes are that tests damage.</summary>
internal static class DamageStride
{
    /// <summary>What the variable DISRUPTORSTREAM_DAMAGE_STRIDE says; 1 is all of them.</summary>
    /// <param name="usual">Without the variable.</param>
    public static int Or(int usual) =>
        Environment.GetEnvironmentVariable("DISRUPTORSTREAM_DAMAGE_STRIDE") is { } stride
            ? int.Parse(stride, CultureInfo.InvariantCulture)
            : usual;
}
