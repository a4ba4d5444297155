using System.Globalization;
using System.Text;

namespace DisruptorStream.Cli.Commands;

/// <summary>
/// Generates the calls of an LLM gateway, in the order in which they were logged: some late, some disordered.
/// </summary>
internal sealed class GatewayCalls
{
    private const int Count = 20_000;
    private const int Seed = 20_231_116;

    private static readonly (string Model, double Share, double MedianMilliseconds, int Tokens)[] Models =
    [
        ("small", 0.60, 220, 180),
        ("large", 0.30, 1_400, 420),
        ("reasoning", 0.10, 9_000, 2_600),
    ];

    /// <summary>Calls that were logged after a later one.</summary>
    public int Disordered { get; private set; }

    /// <summary>Windows of five minutes, one for each model, that the calls fall into.</summary>
    public int WindowCount { get; private set; }

    public Stream ToStream()
    {
        var random = new Random(Seed);
        var text = new StringBuilder("time,model,latency_ms,tokens\n");
        var begin = new DateTime(2023, 11, 16, 18, 0, 0, DateTimeKind.Utc);
        var windows = new HashSet<(string, long)>();
        var newest = DateTime.MinValue;
        for (var i = 0; i < Count; i++)
        {
            var time = begin.AddMilliseconds((i * 90.0) - Delay(random));
            if (time < begin)
                time = begin;
            Disordered += time < newest ? 1 : 0;
            newest = time > newest ? time : newest;
            var (model, _, median, tokens) = Choose(random);
            var latency = Math.Round(median * Math.Exp(random.NextDouble() + random.NextDouble() - 1), 1);
            var used = Math.Max(1, (int)(tokens * (0.5 + random.NextDouble())));
            windows.Add((model, time.Ticks / TimeSpan.FromMinutes(5).Ticks));
            text.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss.fffZ},{model},{latency},{used}\n");
        }

        WindowCount = windows.Count;
        return new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>
    /// Most calls are logged within a second and a half, a few in a hundred late, a few in a thousand very late.
    /// </summary>
    private static double Delay(Random random) => random.Next(1000) switch
    {
        < 4 => 60_000 + (random.NextDouble() * 240_000),
        < 30 => 2_000 + (random.NextDouble() * 25_000),
        _ => random.NextDouble() * 1_500,
    };

    private static (string Model, double Share, double MedianMilliseconds, int Tokens) Choose(Random random)
    {
        var place = random.NextDouble();
        foreach (var model in Models)
        {
            place -= model.Share;
            if (place < 0)
                return model;
        }

        return Models[^1];
    }
}
