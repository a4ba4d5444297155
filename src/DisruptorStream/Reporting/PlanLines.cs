using System.Globalization;
using System.Text;

namespace DisruptorStream.Reporting;

/// <summary>Shows people a plan: a line for each point.</summary>
internal static class PlanLines
{
    private const int Width = 14;

    /// <summary>The plan as text.</summary>
    public static string Of(ExplainPlan plan)
    {
        var text = new StringBuilder();
        var isStream = plan.Queries.Count > 0;
        Add(text, "", isStream ? "stream" : "processor", $"{plan.Name}");
        Add(text, "", "execution", $"{plan.Mode}, {plan.ShardCount} shard(s)");
        foreach (var thread in plan.Threads)
            Add(text, "", "thread", $"{thread}");
        AddWork(text, "", plan);
        Add(text, "", "rings", $"{plan.RingBytes:N0} bytes");
        Add(text, "", "state limit", $"{plan.StateLimit}");
        foreach (var query in plan.Queries)
        {
            Add(text, "", "query", $"{query.Name}");
            AddWork(text, "  ", query);
            Add(text, "  ", "rings", $"{query.RingBytes:N0} bytes of results");
            Add(text, "  ", "state limit", $"{query.StateLimit}");
        }

        return text.ToString().TrimEnd();
    }

    private static void AddWork(StringBuilder text, string indent, ExplainPlan plan)
    {
        Add(text, indent, "windows", $"{plan.Windows}");
        Add(text, indent, "watermarks", $"{plan.Watermarks}");
        Add(text, indent, plan.Queries.Count > 0 ? "event" : "store", $"{plan.Store}: {plan.CostPerEvent}");
        foreach (var key in plan.Keys)
            Add(text, indent, "key", $"{key}");
        foreach (var filter in plan.Filters)
            Add(text, indent, "filter", $"{filter}");
        foreach (var accumulator in plan.Accumulators)
            Add(text, indent, "accumulator", $"{accumulator}");
        foreach (var expression in plan.Expressions)
            Add(text, indent, "expression", $"{expression}");
        if (plan.Panes is not null)
            Add(text, indent, "panes", $"{plan.Panes}");
        if (plan.Having is not null)
            Add(text, indent, "having", $"{plan.Having}");
        if (plan.Top is not null)
            Add(text, indent, "top", $"{plan.Top}");
        var of = plan.Queries.Count > 0 ? " of all queries" : "";
        Add(text, indent, "state", $"{plan.BytesPerKeyAndWindow} bytes for each key and window{of}");
        if (plan.MaxBlockBytesPerKeyAndWindow > 0)
            Add(text, indent, "sketches", $"at most {plan.MaxBlockBytesPerKeyAndWindow:N0} bytes more for each");
    }

    private static void Add(StringBuilder text, string indent, string what, FormattableString said) => text
        .Append((indent + what).PadRight(Width))
        .AppendLine(said.ToString(CultureInfo.InvariantCulture));
}
