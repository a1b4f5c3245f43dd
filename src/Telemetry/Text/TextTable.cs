using Spectre.Console;

namespace Telemetry.Text;

/// <summary>A table of plain text: columns, no lines, numbers to the right.</summary>
internal sealed class TextTable
{
    private readonly Table table = new() { Border = TableBorder.None, ShowHeaders = true };

    /// <summary>Adds a column whose cells begin at its left edge.</summary>
    public TextTable Left(string header) => Add(header, Justify.Left);

    /// <summary>Adds a column whose cells end at its right edge.</summary>
    public TextTable Right(string header) => Add(header, Justify.Right);

    /// <summary>Adds a row; cells are plain text.</summary>
    public void Row(params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Markup(Markup.Escape(cell))));

    /// <summary>Adds a row that stands out.</summary>
    public void Total(params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Markup($"[bold]{Markup.Escape(cell)}[/]")));

    /// <summary>Whether there is any row.</summary>
    public bool IsEmpty => table.Rows.Count == 0;

    /// <summary>Writes it, and an empty line.</summary>
    public void WriteTo(IAnsiConsole console)
    {
        console.Write(new Padder(table, new Padding(2, 0, 0, 0)));
        console.WriteLine();
    }

    private TextTable Add(string header, Justify side)
    {
        table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(header)}[/]"))
        {
            Alignment = side,
            Padding = new Padding(0, 0, 2, 0),
        });
        return this;
    }
}
