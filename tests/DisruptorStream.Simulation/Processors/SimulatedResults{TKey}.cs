using System.Globalization;
using DisruptorStream.Emission;

namespace DisruptorStream.Simulation.Processors;

/// <inheritdoc/>
internal sealed class SimulatedResults<TKey> : SimulatedResults, IResultSink<TKey>
    where TKey : notnull
{
    /// <param name="name">The query's name.</param>
    public SimulatedResults(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        foreach (var result in batch)
            Add(result.Number, LineOf(result));
    }

    /// <summary>A result as a line.</summary>
    public static string LineOf(in WindowResult<TKey> result)
    {
        var values = new string[result.Schema.Count];
        for (var column = 0; column < values.Length; column++)
            values[column] = result.RawValues[column].ToString("x", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Key} {result.Window.StartTicks} {result.Window.EndTicks} {result.Timing} {result.PaneIndex} "
            + $"{result.IsLast} {result.Rank} {result.Silence} {string.Join(' ', values)}");
    }
}
