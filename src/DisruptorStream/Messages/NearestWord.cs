namespace DisruptorStream.Messages;

/// <summary>What somebody may have meant.</summary>
internal static class NearestWord
{
    /// <summary>"did you mean 'avg'?" where a word is near, and else all words.</summary>
    public static string Hint(string text, IReadOnlyList<string> words) => Find(text, words) is { } nearest
        ? $"did you mean '{nearest}'?"
        : $"choose among {string.Join(", ", words)}.";

    /// <summary>"name one of 'sum', 'avg'", with the one that may be meant where one is near.</summary>
    public static string NameOne(string text, IReadOnlyList<string> words)
    {
        var nearest = Find(text, words);
        return $"name one of '{string.Join("', '", words)}'{(nearest is null ? "." : $"; did you mean '{nearest}'?")}";
    }

    /// <summary>The word that is the fewest typing errors away, capitals apart; null where none is near.</summary>
    public static string? Find(string text, IEnumerable<string> words)
    {
        var wanted = text.ToLowerInvariant();
        var nearest = default(string);
        var least = int.MaxValue;
        foreach (var word in words)
        {
            var distance = Distance(wanted, word.ToLowerInvariant());
            if (distance >= least)
                continue;
            (nearest, least) = (word, distance);
        }

        if (nearest is null)
            return null;
        return least < wanted.Length && least <= Math.Max(1, Math.Min(nearest.Length, 8) / 2) ? nearest : null;
    }

    /// <summary>Letters to insert, remove, replace or swap with their neighbour (Damerau and Levenshtein).</summary>
    public static int Distance(string left, string right)
    {
        var distances = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            for (var column = 0; column <= right.Length; column++)
            {
                distances[row, column] = row == 0 || column == 0
                    ? row + column
                    : Step(distances, left, right, row, column);
            }
        }

        return distances[left.Length, right.Length];
    }

    private static int Step(int[,] distances, string left, string right, int row, int column)
    {
        var isSame = left[row - 1] == right[column - 1];
        var distance = Math.Min(
            Math.Min(distances[row - 1, column], distances[row, column - 1]) + 1,
            distances[row - 1, column - 1] + (isSame ? 0 : 1));
        var isSwapped = row > 1 && column > 1
            && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
        return isSwapped ? Math.Min(distance, distances[row - 2, column - 2] + 1) : distance;
    }
}
