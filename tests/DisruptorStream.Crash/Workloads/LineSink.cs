using System.Globalization;
using System.Text;
using DisruptorStream.Emission;

namespace DisruptorStream.Crash.Workloads;

/// <summary>Hands each result on as a line: what a call was given has left the process when it returns.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
internal sealed class LineSink<TKey> : IResultSink<TKey>
{
    private readonly string _query;
    private readonly IResultLines _lines;
    private readonly StringBuilder _text = new();

    /// <param name="query">What the query is called.</param>
    /// <param name="lines">Where the lines go.</param>
    public LineSink(string query, IResultLines lines)
    {
        _query = query;
        _lines = lines;
    }

    public void OnResults(ResultBatch<TKey> batch)
    {
        _text.Clear();
        foreach (var result in batch)
        {
            _text.Append(
                CultureInfo.InvariantCulture,
                $"{_query} {result.Number} {result.Key} {result.Window.StartTicks}-{result.Window.EndTicks} ");
            _text.Append(CultureInfo.InvariantCulture, $"{result.Timing} {result.PaneIndex}");
            for (var column = 0; column < result.ValueCount; column++)
                _text.Append(CultureInfo.InvariantCulture, $" {result[column]:R}");
            _text.Append('\n');
        }

        if (_text.Length > 0)
            _lines.Write(_text.ToString());
    }
}
