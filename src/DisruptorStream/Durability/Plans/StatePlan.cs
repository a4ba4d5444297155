using System.Text;
using DisruptorStream.Durability.Inspection;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Saving;

namespace DisruptorStream.Durability.Plans;

/// <summary>
/// What a processor is, as far as its state and its results depend on it: inputs, keys, queries, windows, metrics, and
/// the options that shape results.
/// </summary>
/// <remarks>
/// A value. A processor has one (<see cref="EventProcessor.StatePlan"/>), the last step of a builder makes one without
/// building a processor (<c>ToStatePlan()</c>), a durable directory holds one, and a file can.
/// </remarks>
public sealed class StatePlan
{
    private const int MostFileBytes = 1 << 24;

    internal StatePlan(RecordedPlan record) => Record = record;

    /// <summary>The processor's name.</summary>
    public string Name => Record.Name;

    /// <summary>
    /// The names of the queries, in their order; the only one of a processor has the processor's name.
    /// </summary>
    public IReadOnlyList<string> Queries => Array.ConvertAll([.. Record.Queries], query => Record.NameOf(query.Name));

    /// <summary>
    /// Equal for plans that give the same results from the same events: 32 hexadecimal digits. The processor's name,
    /// its threads and its sinks are no part of it.
    /// </summary>
    public string Fingerprint => Record.Fingerprint.ToString();

    internal RecordedPlan Record { get; }

    /// <summary>
    /// Says what a start of a processor with that plan in a directory would do with the state there: what is kept,
    /// begins empty, is given up, or is impossible. Reads the directory, and changes nothing.
    /// </summary>
    /// <param name="directory">That of a durable processor; one that is not there or empty is a new one.</param>
    /// <param name="plan">The plan that is to go on there.</param>
    /// <remarks>
    /// Any thread. The journal and the snapshots are read whole. Where a processor has the directory meanwhile, the
    /// answer is of about one instant.
    /// </remarks>
    /// <exception cref="ArgumentException">The directory is empty or white space.</exception>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="DurabilityException">
    /// Its plan cannot be read, as it is damaged or of a newer release.
    /// </exception>
    public static PlanComparison Compare(string directory, StatePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var path = PathOf(directory);
        return Recorded(path) is { } recorded
            ? PlanComparer.Compare(path, recorded.Plan, plan.Record, recorded.SlotsBehind)
            : new PlanComparison(path) { IsNew = true };
    }

    /// <summary>The plan whose state a directory holds; null where it holds none. Changes nothing there.</summary>
    /// <inheritdoc cref="Compare" path="/exception"/>
    public static StatePlan? In(string directory) =>
        Recorded(PathOf(directory)) is { } recorded ? new StatePlan(recorded.Plan) : null;

    /// <summary>Reads a plan that was written to a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="StateException">It holds no plan, is damaged, or is of a newer release.</exception>
    public static StatePlan Read(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        try
        {
            if (new FileInfo(file).Length > MostFileBytes)
                throw new StateException("it is too long for one");
            return new StatePlan(PlanRecordFormat.Read(File.ReadAllBytes(file)));
        }
        catch (StateException exception)
        {
            throw new StateException(
                $"The file '{file}' holds no plan that this release can read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes it to a file, in place of what is there, for tools such as <c>dstream state plan</c>.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        File.WriteAllBytes(file, PlanRecordFormat.Write(Record));
    }

    /// <summary>For people: a line for each key, measure, query, metric and option that is set.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("plan '").Append(Record.Name).AppendLine("'");
        foreach (var key in Record.Keys)
            text.Append("key '").Append(key.Name).Append("': ").AppendLine(key.Type);
        foreach (var measure in Record.Measures)
            text.Append("measure '").Append(measure.Name).Append("': ").AppendLine(measure.Type);
        AddOptions(text, "", Record.Options);
        foreach (var query in Record.Queries)
        {
            text.Append("query '").Append(Record.NameOf(query.Name)).AppendLine("'");
            foreach (var part in query.Meaning)
                text.Append("  ").Append(part.Name).Append(": ").AppendLine(part.Text);
            AddOptions(text, "  ", query.Options);
            foreach (var metric in query.Metrics)
                text.Append("  metric '").Append(metric.Name).Append("': ").AppendLine(query.TextOf(metric));
        }

        return text.ToString();
    }

    private static void AddOptions(StringBuilder text, string indent, IReadOnlyList<RecordedOption> options)
    {
        foreach (var option in options)
        {
            if (!option.IsNone)
                text.Append(indent).Append(option.Name).Append(": ").AppendLine(option.Value);
        }
    }

    private static string PathOf(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return Path.GetFullPath(directory);
    }

    private static DirectoryPlan? Recorded(string path)
    {
        if (!Directory.Exists(path))
            return null;
        try
        {
            var state = DirectoryState.Read(path);
            return DirectoryPlan.Of(state.Journal, state.Snapshots);
        }
        catch (Exception exception) when (exception is StateException or JournalException)
        {
            throw new DurabilityException(
                $"The plan in '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
