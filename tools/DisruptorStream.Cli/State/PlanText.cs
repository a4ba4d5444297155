using System.Text;
using DisruptorStream.Cli.Text;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;

namespace DisruptorStream.Cli.State;

/// <summary>Shows people a plan, or how it compares with the state of a directory: a line for each point.</summary>
internal static class PlanText
{
    /// <summary>The plan of a directory; null for none.</summary>
    public static string Of(StatePlan? plan) =>
        plan is null ? $"The directory holds no state.{Environment.NewLine}" : Plain(plan.ToString());

    public static string Of(PlanComparison comparison)
    {
        var verdict = comparison.WhyRefused(PlanChangePolicy.Apply) is { } refused
            ? $"A start is refused. {refused}"
            : Verdict(comparison);
        return Plain(comparison + verdict + Environment.NewLine);
    }

    private static string Verdict(PlanComparison comparison)
    {
        if (comparison.IsNew)
            return "A start begins a new stream.";
        if (comparison.IsSame)
            return "A start goes on with all that is there: the plan is the same.";
        return comparison.ChangesState
            ? "A start does this where OnPlanChange is Apply, and is refused where it is Refuse."
            : "A start goes on with all that is there.";
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty)
                plain.AppendLine(PlainText.Of(line.ToString()));
        }

        return plain.ToString();
    }
}
