//! Tables: a question and its answer a line.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::Found;
use crate::knowledge::article::{Article, Mistake};

/// What parts phrasings in one cell.
const PART: char = '|';

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Question,
    Questions,
    Answer,
    Title,
    Url,
    Language,
}

impl Column {
    fn named(name: &str) -> Option<Self> {
        Some(match name.trim().to_lowercase().as_str() {
            "question" | "问题" | "標準問題" | "标准问题" => Self::Question,
            "questions" | "phrasings" | "相似问题" | "相似问法" | "其他问法" => Self::Questions,
            "answer" | "答案" | "回答" => Self::Answer,
            "title" | "标题" | "標題" => Self::Title,
            "url" | "link" | "链接" | "網址" | "网址" => Self::Url,
            "language" | "lang" | "语言" => Self::Language,
            _ => return None,
        })
    }
}

pub(super) fn articles(text: &str) -> (Vec<Found>, Vec<Mistake>) {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let mut records = reader.records();
    let (mut found, mut mistakes) = (vec![], vec![]);
    let columns = match records.next() {
        Some(Ok(names)) => columns(&names, &mut mistakes),
        _ => vec![],
    };
    if !mistakes.is_empty() {
        return (found, mistakes);
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, |position| position.line() as usize);
                mistakes.push(Mistake { line, message: "it is no line of a table".into() });
                continue;
            }
        };
        // The reader counts from where the one before ended: blank lines between belong to neither.
        let line = record.position().map_or(1, |position| line_of(text, position.byte()));
        match article(&columns, &record) {
            Ok(article) => match seen.insert(article.questions[0].clone(), line) {
                Some(before) => {
                    mistakes.push(Mistake { line, message: format!("the same question as in line {before}") });
                }
                None => found.push((line, article)),
            },
            Err(message) => mistakes.push(Mistake { line, message }),
        }
    }
    (found, mistakes)
}

/// What parts the cells: a comma, or what some programs write in its place.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let known = |delimiter: &u8| {
        first.split(char::from(*delimiter)).filter(|name| Column::named(name.trim_matches('"')).is_some()).count()
    };
    [b'\t', b';', b','].into_iter().max_by_key(known).unwrap_or(b',')
}

fn columns(names: &StringRecord, mistakes: &mut Vec<Mistake>) -> Vec<Option<Column>> {
    let columns: Vec<Option<Column>> = names.iter().map(Column::named).collect();
    let mut wrong = |message: String| mistakes.push(Mistake { line: 1, message });
    for (name, column) in names.iter().zip(&columns) {
        if column.is_none() {
            wrong(format!("there is no column {name:?}: question, answer, title, url, language, questions"));
        } else if columns.iter().filter(|other| *other == column).count() > 1 {
            wrong(format!("the column {name:?} is there twice"));
        }
    }
    for (needed, name) in [(Column::Question, "question"), (Column::Answer, "answer")] {
        if !columns.contains(&Some(needed)) {
            wrong(format!("the column {name:?} is missing"));
        }
    }
    columns
}

fn article(columns: &[Option<Column>], record: &StringRecord) -> Result<Article, String> {
    if record.len() != columns.len() {
        return Err(format!("it has {} cells, the first line {}", record.len(), columns.len()));
    }
    let cell = |column: Column| {
        let place = columns.iter().position(|known| *known == Some(column))?;
        record.get(place).map(str::trim).filter(|cell| !cell.is_empty())
    };
    let phrasings = [cell(Column::Question), cell(Column::Questions)].into_iter().flatten();
    let mut questions: Vec<String> = vec![];
    for phrasing in phrasings.flat_map(|cell| cell.split(PART)).map(str::trim).filter(|phrasing| !phrasing.is_empty()) {
        if !questions.iter().any(|known| known == phrasing) {
            questions.push(phrasing.to_owned());
        }
    }
    let first = questions.first().cloned().ok_or("there is no question")?;
    Ok(Article {
        id: String::new(),
        title: cell(Column::Title).map_or(first, str::to_owned),
        body: cell(Column::Answer).ok_or("there is no answer")?.to_owned(),
        questions,
        url: cell(Column::Url).map(str::to_owned),
        language: cell(Column::Language).map(str::to_owned),
    })
}

/// The line of a record that the reader says begins at a byte: empty lines before it are not its.
fn line_of(text: &str, byte: u64) -> usize {
    let byte = usize::try_from(byte).unwrap_or(text.len()).min(text.len());
    let bytes = text.as_bytes();
    let blank = bytes[byte..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    1 + bytes[..byte + blank].iter().filter(|byte| **byte == b'\n').count()
}
