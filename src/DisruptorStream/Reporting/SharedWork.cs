using System.Globalization;
using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Messages;
using DisruptorStream.Plans;

namespace DisruptorStream.Reporting;

/// <summary>Says what the queries of a stream share, and what it costs: done once for each event.</summary>
internal sealed class SharedWork
{
    private readonly ProcessorPlan _plan;
    private readonly InputPlan _input;

    /// <param name="plan">The stream.</param>
    public SharedWork(ProcessorPlan plan)
    {
        _plan = plan;
        _input = plan.Inputs[0];
        Keys = NewKeys();
        Filters = NewFilters();
    }

    /// <summary>What an event takes in the ring.</summary>
    public string Slot
    {
        get
        {
            var layout = _input.Layout;
            var measures = Math.Max(0, layout.Measures - 1);
            var words = Say(
                $"{measures} of measures, {layout.FilterWord - layout.KeyWord} of key ids, {FilterWords} of filters");
            var slot = Say($"a slot of {Unsafe.SizeOf<EventSlot>()} with the first key and measure");
            return Say($"{EventBytes(_input)} bytes, {slot} and {layout.FurtherWords} words beside it ({words})");
        }
    }

    /// <summary>What is done on the publisher's thread.</summary>
    public string Cost
    {
        get
        {
            var read = 0;
            foreach (var key in _input.Keys)
                read += key.Parts.Count == 0 ? 1 : 0;
            var calls = 1 + _input.Rules.Measures.Count + read + _input.Filters.Count;
            return Say($"{calls} selector calls and {_input.Keys.Count} key look-ups on the publisher's thread");
        }
    }

    /// <summary>The keys, each with its column, its cost and who groups by it.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The filters, each with its bit, its cost and who asks for it.</summary>
    public IReadOnlyList<string> Filters { get; }

    /// <summary>Bytes of an event in the ring.</summary>
    public static int EventBytes(InputPlan input) =>
        Unsafe.SizeOf<EventSlot>() + (input.Layout.FurtherWords * sizeof(long));

    private int FilterWords => _input.Layout.FurtherWords - _input.Layout.FilterWord;

    private List<string> NewKeys()
    {
        var keys = new List<string>();
        for (var column = 0; column < _input.Keys.Count; column++)
        {
            var key = _input.Keys[column];
            var place = column == 0 ? "its id in the slot" : "4 bytes beside the slot";
            var cost = key.Parts.Count == 0
                ? "one selector call and one look-up"
                : $"one look-up of {key.Parts.Count} ids";
            var what = Say($"{key.Name}, {TypeText.Of(key.KeyType)}, column {column}");
            keys.Add($"{what}: {cost}, {place}, {UsersOf(column)}");
        }

        return keys;
    }

    private List<string> NewFilters()
    {
        var filters = new List<string>();
        for (var filter = 0; filter < _input.Filters.Count; filter++)
        {
            var users = new List<string>();
            foreach (var query in _plan.Queries)
            {
                if (query.Selection?.Filter == filter)
                    users.Add($"query {query.Name}");
                foreach (var metric in query.Metrics)
                {
                    if (metric.Filter?.Number == filter)
                        users.Add($"metric {metric.Name} of {query.Name}");
                }
            }

            filters.Add(Say($"{_input.Filters[filter]}, bit {filter}: one selector call, {UsedBy(users)}"));
        }

        return filters;
    }

    private string UsersOf(int column)
    {
        var users = new List<string>();
        foreach (var query in _plan.Queries)
        {
            if (query.KeyColumn == column)
                users.Add(query.Name);
        }

        foreach (var key in _input.Keys)
        {
            foreach (var part in key.Parts)
            {
                if (part == column)
                    users.Add($"the key ({key.Name})");
            }
        }

        return UsedBy(users);
    }

    private static string UsedBy(List<string> users) =>
        users.Count == 0 ? "used by nobody" : $"used by {string.Join(", ", users)}";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
