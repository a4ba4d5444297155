using System.Globalization;

namespace DisruptorStream.Cli.Tests;

/// <summary>How much a test does: what a variable of the environment says, or its default.</summary>
internal static class TestScale
{
    public static int Of(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
