using System.Globalization;
using System.Text;

namespace DisruptorStream.Durability.Plans;

/// <summary>What a start of a processor in a directory would do with the state there.</summary>
/// <remarks>A value: it says how things were when they were compared.</remarks>
public sealed record PlanComparison
{
    internal PlanComparison(string directory) => Directory = directory;

    /// <summary>The directory, as a whole path.</summary>
    public string Directory { get; }

    /// <summary>Whether the directory holds no state: all begins anew.</summary>
    public bool IsNew { get; internal init; }

    /// <summary>Whether the plan is the same, so that nothing has to be decided.</summary>
    public bool IsSame { get; internal init; }

    /// <summary>
    /// Inputs, keys and measures, then the queries, each with its metrics behind it; in the order of the plan, what is
    /// no longer there last. None where the directory holds nothing.
    /// </summary>
    public IReadOnlyList<PlanPart> Parts { get; internal init; } = [];

    /// <summary>Options that shape results and differ; they count from the start on.</summary>
    public IReadOnlyList<PlanOptionChange> Options { get; internal init; } = [];

    /// <summary>What else is to be known, such as rules of time zones that have changed.</summary>
    public IReadOnlyList<string> Remarks { get; internal init; } = [];

    /// <summary>
    /// Slots behind the newest snapshot. They are handled again at the start, which only the plan can do that handled
    /// them first: a plan that is not the same starts where this is 0, as after a stop with Suspend.
    /// </summary>
    public long SlotsBehind { get; internal init; }

    /// <summary>Whether a part is impossible.</summary>
    public bool IsImpossible => Has(PlanOutcome.Impossible);

    /// <summary>
    /// Whether state begins empty or is given up, which asks for <see cref="PlanChangePolicy.Apply"/>.
    /// </summary>
    public bool ChangesState => Has(PlanOutcome.StartedEmpty) || Has(PlanOutcome.Dropped);

    /// <summary>Why a start is refused; null where it is not.</summary>
    /// <param name="policy">The policy of the processor.</param>
    /// <remarks>
    /// A start looks at more than plans: at damage, at who has the directory, and at what the sinks hold.
    /// </remarks>
    public string? WhyRefused(PlanChangePolicy policy)
    {
        if (IsNew || IsSame)
            return null;
        if (IsImpossible)
        {
            return $"The plan has changed in a way that cannot be: {Join(PlanOutcome.Impossible)}. Build it as it was, "
                + "or choose another directory.";
        }

        if (SlotsBehind > 0)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The plan has changed ({JoinChanges()}), and {SlotsBehind} slots behind the newest snapshot can be "
                + $"handled again only by the plan that wrote them. Start it as it was, stop it with "
                + $"StopMode.Suspend, and start it then as it is now.");
        }

        return ChangesState && policy == PlanChangePolicy.Refuse
            ? $"The plan has changed: {JoinChanges()}. Set DurabilityOptions.OnPlanChange to Apply to do so, build it "
                + "as it was, or choose another directory."
            : null;
    }

    /// <summary>All of it, a line for each part, option and remark.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (IsNew)
            text.AppendLine("The directory holds no state: all begins anew.");
        foreach (var part in Parts)
            text.AppendLine(part.ToString());
        foreach (var option in Options)
            text.AppendLine(option.ToString());
        foreach (var remark in Remarks)
            text.AppendLine(remark);
        return text.ToString();
    }

    private bool Has(PlanOutcome outcome)
    {
        foreach (var part in Parts)
        {
            if (part.Outcome == outcome)
                return true;
        }

        return false;
    }

    internal string Join(PlanOutcome outcome)
    {
        var texts = new List<string>();
        foreach (var part in Parts)
        {
            if (part.Outcome == outcome)
                texts.Add(part.ToString());
        }

        return string.Join("; ", texts);
    }

    private string JoinChanges()
    {
        var texts = new List<string>();
        foreach (var part in Parts)
        {
            if (part.Outcome != PlanOutcome.Kept)
                texts.Add(part.ToString());
        }

        foreach (var option in Options)
            texts.Add(option.ToString());
        return texts.Count == 0 ? "keys, measures, filters or queries come in another order" : string.Join("; ", texts);
    }
}
