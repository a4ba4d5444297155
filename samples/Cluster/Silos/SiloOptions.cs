using System.Globalization;

namespace Cluster.Silos;

/// <summary>What a silo is told.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Log">The address of the log's server.</param>
/// <param name="HttpPort">Where it tells of its partitions.</param>
/// <param name="SiloPort">Where other silos reach it.</param>
/// <param name="GatewayPort">Where clients would reach it.</param>
internal sealed record SiloOptions(int Number, string Log, int HttpPort, int SiloPort, int GatewayPort)
{
    public IEnumerable<string> ToArguments() =>
        ["silo", Text(Number), Log, Text(HttpPort), Text(SiloPort), Text(GatewayPort)];

    /// <exception cref="FormatException">They are not five, or no numbers.</exception>
    public static SiloOptions Parse(string[] arguments) =>
        arguments is [var number, var log, var http, var silo, var gateway]
            ? new SiloOptions(Read(number), log, Read(http), Read(silo), Read(gateway))
            : throw new FormatException("A silo is told its number, the address of the log and three ports.");

    private static int Read(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
