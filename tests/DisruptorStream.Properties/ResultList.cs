using System.Globalization;
using DisruptorStream.Emission;

namespace DisruptorStream.Properties;

/// <summary>Writes every result down, to the bit.</summary>
internal sealed class ResultList : IResultSink<string>
{
    public List<string> Lines { get; } = [];

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
        {
            Lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Key} [{result.Window.StartTicks}, {result.Window.EndTicks}) {result.Timing} #{result.PaneIndex} "
                + $"{(result.IsLast ? "last " : "")}{string.Join(" ", result.RawValues.ToArray().Select(bits => bits.ToString("x16", CultureInfo.InvariantCulture)))}"));
        }
    }
}
