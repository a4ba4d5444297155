using System.CommandLine;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>An option that takes one of some words; the first is the default.</summary>
internal sealed class ChoiceOption : Option<string>
{
    private readonly string[] _words;

    public ChoiceOption(string name, string description, params string[] words)
        : base(name)
    {
        _words = words;
        Description = description;
        DefaultValueFactory = _ => words[0];
        HelpName = string.Join('|', words);
        CompletionSources.Add(words);
        Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (ProblemOf(token.Value) is { } problem)
                    result.AddError(problem);
            }
        });
    }

    /// <summary>What is wrong with a word; null where it is one of them.</summary>
    public string? ProblemOf(string word) => _words.Contains(word, StringComparer.Ordinal)
        ? null
        : $"'{word}' is no {Name}; {NearestWord.Hint(word, _words)}";
}
